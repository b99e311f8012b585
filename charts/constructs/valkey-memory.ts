/** What a Valkey is to remember, and with which memory. */
export interface ValkeyMemory {
  /** What data may take, in MiB. */
  readonly maxMemoryMiB: number;
  /** The share of it that ids may take. */
  readonly idsShare: number;
  /** How many events come in a second, at most, for as long as the window. */
  readonly eventsPerSecond: number;
  /** For how long repeats must be told. */
  readonly idWindowMs: number;
}

/** What an id takes in a bucket with its fingerprint, measured. */
const bytesPerId = 76;

const bytesPerMiB = 1_048_576;

/** How many ids the memory holds, for `IDS_MAX`. */
export function idsMaxOf({
  maxMemoryMiB,
  idsShare,
}: Pick<ValkeyMemory, "maxMemoryMiB" | "idsShare">): number {
  return Math.floor((maxMemoryMiB * bytesPerMiB * idsShare) / bytesPerId);
}

/** For how long repeats are told at the expected rate, in milliseconds. */
export function idWindowOf(memory: Omit<ValkeyMemory, "idWindowMs">): number {
  return Math.floor((idsMaxOf(memory) / memory.eventsPerSecond) * 1_000);
}

/** Refuses a memory that buys a shorter window than asked. */
export function refuseShortWindow(name: string, memory: ValkeyMemory): void {
  const { maxMemoryMiB, idsShare, eventsPerSecond, idWindowMs } = memory;
  const bought = idWindowOf(memory);
  if (bought >= idWindowMs) return;
  throw new Error(
    `Cannot tell repeats for ${idWindowMs} ms in ${name}: at ${eventsPerSecond} events a second, ${bytesPerId} bytes each, ${idsShare} of its memory buys ${bought} ms: current value of maxMemoryMiB is ${maxMemoryMiB}`,
  );
}

/** Refuses every policy but the one under which nothing that was stored goes away by itself. */
export function refuseEviction(name: string, policy: string): void {
  if (policy === "noeviction") return;
  const why = policy.startsWith("allkeys-")
    ? "counters and ids would be evicted, so that events are lost and repeats count again"
    : "clients' keys would be evicted, so that their repeats count again";
  throw new Error(
    `Cannot run ${name}: ${why}: current value of maxMemoryPolicy is "${policy}", it must be "noeviction"`,
  );
}

/** What a pod is given: while a copy of the memory is written, every page that changes exists twice. */
export function podMemoryOf(maxMemoryMiB: number): {
  readonly memoryRequestMiB: number;
  readonly memoryLimitMiB: number;
} {
  return { memoryRequestMiB: maxMemoryMiB + 32, memoryLimitMiB: 2 * maxMemoryMiB + 64 };
}
