import type { Delivery, DeliveryHandler } from "../broker/subscriber.ts";
import type { Log } from "../log.ts";
import type { Sink } from "../store/event-log.ts";
import { type Decoded, decodeDelivery } from "./decode-delivery.ts";
import { type DeliveryReport, silentReport } from "./delivery-report.ts";
import type { LaneOptions } from "./lane-options.ts";
import { pastCursor } from "./past-cursor.ts";
import { type Aside, setAside } from "./set-aside.ts";
import { settle } from "./settle.ts";

/**
 * Brings a lane's deliveries into the store and the log, exactly once into each, and sets aside what cannot be taken: a
 * dead letter is stored before the cursor passes its message or the message is acknowledged. The sinks are asked in their
 * order, and what one sets aside those after it do not take either. A sink or dead letter lane that is away is waited for,
 * as long as the delivery is ours; nothing is acknowledged before all sinks have it.
 */
export function foldHandler(
  sinks: readonly Sink[],
  given: Omit<LaneOptions, "report"> & { readonly report?: DeliveryReport },
): DeliveryHandler {
  const options: LaneOptions = { ...given, report: given.report ?? silentReport };
  // One entry a partition: where each sink was last seen.
  const seen = sinks.map(() => new Map<string, number>());
  const settleIn = async (
    index: number,
    sink: Sink,
    delivery: Delivery,
    all: readonly Decoded[],
  ) => {
    const cursor = delivery.range && seen[index]?.get(delivery.range.partition);
    const rest = pastCursor(delivery, all, cursor);
    const settled = await settle(options, sink, rest.delivery, rest.decoded);
    if (delivery.range) seen[index]?.set(delivery.range.partition, settled.next);
    return { next: settled.next, decoded: [...rest.had, ...settled.decoded] };
  };
  return {
    handle: async (delivery) => {
      const decoded = decodeDelivery(options.pipeline, delivery);
      tellLoss(options.log, delivery);
      await setAside(options, delivery, undecodable(decoded));
      const next: number[] = [];
      let current = decoded;
      for (const [index, sink] of sinks.entries()) {
        const settled = await settleIn(index, sink, delivery, current);
        next.push(settled.next);
        current = settled.decoded;
      }
      for (const { message, error } of decoded) {
        if (error === undefined) options.report.folded(message);
      }
      return delivery.range === undefined ? undefined : Math.min(...next);
    },
    resumeFrom: async (partitions) => {
      const all = await Promise.all(sinks.map((sink) => sink.cursors(partitions)));
      for (const [index, cursors] of all.entries()) {
        for (const [partition, cursor] of cursors) seen[index]?.set(partition, cursor);
      }
      return new Map(
        partitions.flatMap((partition) => {
          const cursors = all.map((each) => each.get(partition));
          if (cursors.every((each) => each === undefined)) return [];
          return [[partition, Math.min(...cursors.map((each) => each ?? 0))]];
        }),
      );
    },
  };
}

/** Messages that were gone before they were read are a loss that nobody may miss. */
function tellLoss(log: Log, { range, messages }: Delivery): void {
  if (range?.gap !== "lost") return;
  const first = messages[0]?.offset ?? range.to;
  log.error("messages were gone before they were read", {
    partition: range.partition,
    from: range.from,
    to: first,
    lost: first - range.from,
  });
}

function undecodable(decoded: readonly Decoded[]): readonly Aside[] {
  return decoded.flatMap((each) =>
    each.error === undefined
      ? []
      : [{ ...each, reason: "undecodable", why: each.error, attempts: 1 } as const],
  );
}
