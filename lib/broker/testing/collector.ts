import type { DeliveredMessage } from "../message.ts";
import type { Delivery, DeliveryHandler } from "../subscriber.ts";

/** A handler that behaves like a store: its cursors decide what counts, and it keeps all that it took. */
export interface Collector extends DeliveryHandler {
  /** What was settled, in order. */
  readonly messages: DeliveredMessage[];
  /** Every delivery that was offered, settled or not. */
  readonly offered: Delivery[];
  /** The next offset by partition. */
  readonly cursors: Map<string, number>;
  /** Offsets without a message, by kind. */
  readonly gaps: { hole: number; lost: number };
  ids(): Set<string | undefined>;
}

function checked({ range, messages }: Delivery): void {
  if (!range) return;
  const offsets = messages.map(({ offset }) => offset ?? -1);
  const rising = offsets.every((offset, i) => i === 0 || offset > (offsets[i - 1] ?? 0));
  const inside = offsets.every((offset) => offset >= range.from && offset < range.to);
  const whole = range.gap !== undefined || range.to - range.from === messages.length;
  if (!rising || !inside || !whole || range.to <= range.from) {
    throw new RangeError(
      `Cannot take a delivery: its range is wrong: current value is ${JSON.stringify(range)} ${offsets}`,
    );
  }
}

/** Makes an empty collector; `before` runs ahead of each delivery and may reject it. */
export function collector(
  before: (delivery: Delivery, times: number) => unknown = () => {},
): Collector {
  const messages: DeliveredMessage[] = [];
  const offered: Delivery[] = [];
  const cursors = new Map<string, number>();
  const gaps = { hole: 0, lost: 0 };
  return {
    messages,
    offered,
    cursors,
    gaps,
    ids: () => new Set(messages.map(({ id }) => id)),
    async handle(delivery) {
      offered.push(delivery);
      checked(delivery);
      await before(delivery, offered.length);
      const { range } = delivery;
      if (!range) {
        messages.push(...delivery.messages);
        return undefined;
      }
      const cursor = cursors.get(range.partition) ?? range.from;
      if (range.to <= cursor || range.from > cursor) return cursor;
      const fresh = delivery.messages.filter(({ offset }) => (offset ?? 0) >= cursor);
      messages.push(...fresh);
      if (range.gap) gaps[range.gap] += range.to - cursor - fresh.length;
      cursors.set(range.partition, range.to);
      return range.to;
    },
    async resumeFrom(partitions) {
      return new Map([...cursors].filter(([partition]) => partitions.includes(partition)));
    },
  };
}
