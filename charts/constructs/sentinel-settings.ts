/** How sentinels watch servers. */
export interface SentinelSettings {
  /** By what name clients ask for the primary. */
  readonly name: string;
  /** The port of a sentinel. */
  readonly port: number;
  /**
   * The file of those who may ask.
   * @default everybody may
   */
  readonly aclFile?: string;
  /** How long a server must be silent before another takes its place. */
  readonly downAfterMs: number;
  /** How long a sentinel gives a failover, and waits before it tries one again. */
  readonly failoverTimeoutMs: number;
}

/** How many servers there are, each with a sentinel: two of them decide. */
export const watchedServers = 3;

/** The lines that do not change by themselves. Names stand for addresses, since a pod that comes back has another one. */
export function sentinelConf(settings: SentinelSettings): string {
  const { name, port, aclFile, downAfterMs, failoverTimeoutMs } = settings;
  return `port ${port}
protected-mode no
${aclFile === undefined ? "" : `aclfile ${aclFile}\n`}sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel down-after-milliseconds ${name} ${downAfterMs}
sentinel failover-timeout ${name} ${failoverTimeoutMs}
sentinel parallel-syncs ${name} 1
`;
}

/** How a sentinel signs in to the servers and to other sentinels. */
export function sentinelLogins(name: string, user: string, password: string): string {
  return `sentinel auth-user ${name} ${user}
sentinel auth-pass ${name} ${password}
sentinel sentinel-user ${user}
sentinel sentinel-pass ${password}
`;
}
