/** How the operator's commands end; every `--help` says the same. */
export const exitCodes = {
  /** All that was asked for is done, or holds. */
  done: 0,
  /** Something is not, and was told. */
  failed: 1,
  /** The command line means nothing; nothing was done. */
  usage: 2,
  /** Ctrl-C: what was done is done, the rest is as it was. */
  stopped: 130,
} as const;
