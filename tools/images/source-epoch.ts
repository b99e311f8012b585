/** The start of 1980, the earliest time that every archive format can hold. */
const fallbackS = 315_532_800;
const gitMs = 5_000;

/**
 * The time that what is built carries, in seconds since 1970: `given` (SOURCE_DATE_EPOCH), else that of the last commit.
 *
 * @throws Error where `given` is no such time.
 */
export function sourceEpochS(root: string, given: string | undefined): number {
  if (given === undefined || given === "") return commitEpochS(root) ?? fallbackS;
  if (/^\d{1,12}$/.test(given)) return Number(given);
  throw new Error(
    `Cannot use SOURCE_DATE_EPOCH: must be seconds since 1970: current value is ${given}`,
  );
}

function commitEpochS(root: string): number | undefined {
  if (Bun.which("git") === null) return undefined;
  const { stdout } = Bun.spawnSync(["git", "-C", root, "log", "-1", "--format=%ct"], {
    stderr: "ignore",
    timeout: gitMs,
  });
  return Number(stdout.toString()) || undefined;
}
