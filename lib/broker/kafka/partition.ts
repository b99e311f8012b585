/** A partition while it is assigned to us. */
export interface Partition {
  readonly number: number;
  /** The topic's id and the number: its name for ever. */
  readonly name: string;
  /** The next offset that the store wants. */
  position: number;
  /** A gap before the next message that was seen once, as `from:to`. */
  gap: string | undefined;
  /** Offsets up to `to`, without a break from `from` on, that hold nothing for us: markers, aborted messages. */
  empty: { readonly from: number; readonly to: number } | undefined;
  /** True while something is being delivered. */
  busy: boolean;
  /** Resolves when the work that was queued last is over. */
  queue: Promise<unknown>;
}

/** Makes a partition that stands at `position`. */
export function newPartition(number: number, name: string, position: number): Partition {
  const queue = Promise.resolve();
  return { number, name, position, gap: undefined, empty: undefined, busy: false, queue };
}

/** Does `work` when everything queued before is over: one delivery at a time per partition. */
export function exclusively<T>(partition: Partition, work: () => Promise<T>): Promise<T> {
  const run = async () => {
    partition.busy = true;
    try {
      return await work();
    } finally {
      partition.busy = false;
    }
  };
  const result = partition.queue.then(run);
  partition.queue = result.catch(() => {});
  return result;
}

/** Notes that the broker has nothing for us from `from` up to `to`. */
export function noteEmpty(partition: Partition, from: number, to: number): void {
  const { empty } = partition;
  const joins = empty && from <= empty.to && to >= empty.from;
  partition.empty = joins
    ? { from: Math.min(from, empty.from), to: Math.max(to, empty.to) }
    : { from, to };
}

/** Whether every offset from the position up to `to` is known to be empty. */
export function isEmptyUpTo({ empty, position }: Partition, to: number): boolean {
  return empty !== undefined && empty.from <= position && empty.to >= to;
}
