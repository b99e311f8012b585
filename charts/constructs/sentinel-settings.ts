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

/**
 * The least silence after which a server may be replaced. Sentinels choose the copy that has most, by what each said within
 * the last five seconds: so nothing that was said before the primary's end is among it.
 */
export const downAfterMinMs = 6_000;

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

/** What of servers under sentinels decides whether anything may be lost. */
export interface Watched {
  /** How many copies there are. */
  readonly replicas: number;
  /** How many of them must be there for the primary to take writes. */
  readonly minReplicasToWrite: number;
  /** How many of them must have a change before it is acknowledged. */
  readonly wait: number;
  /** How long a server must be silent before another takes its place. */
  readonly downAfterMs: number;
}

/**
 * Refuses what could lose what was acknowledged, or never take a write.
 *
 * @throws Error saying why.
 */
export function refuseSentinels(
  name: string,
  { replicas, minReplicasToWrite, wait, downAfterMs }: Watched,
): void {
  if (replicas !== watchedServers - 1) {
    throw new Error(
      `Cannot run ${name} with sentinels: one stands beside each of three servers, of which any two decide and go on: current value of replicas is ${replicas}`,
    );
  }
  if (minReplicasToWrite !== 1) {
    throw new Error(
      `Cannot run ${name} with sentinels: without copies a primary that was replaced would go on, and with more than one copy no server may be away: current value of minReplicasToWrite is ${minReplicasToWrite}`,
    );
  }
  if (wait < 1) {
    throw new Error(
      `Cannot run ${name} with sentinels: what only the primary has would be acknowledged, and lost with it: current value of wait is ${wait}`,
    );
  }
  if (downAfterMs < downAfterMinMs) {
    throw new Error(
      `Cannot run ${name} with sentinels: a copy would be chosen by what it had before the primary's end, which is known for 5 s: current value of downAfterMs is ${downAfterMs}, it must be ${downAfterMinMs} at least`,
    );
  }
}
