import type { Delivery, DeliveryHandler } from "../broker/subscriber.ts";
import type { Log } from "../log.ts";
import type { Sink } from "../store/event-log.ts";
import { type Decoded, decodeDelivery } from "./decode-delivery.ts";
import { type DeliveryReport, silentReport } from "./delivery-report.ts";
import type { LaneOptions } from "./lane-options.ts";
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
  return {
    handle: async (delivery) => {
      const decoded = decodeDelivery(options.pipeline, delivery);
      tellLoss(options.log, delivery);
      await setAside(options, delivery, undecodable(decoded));
      const next: number[] = [];
      let current = decoded;
      for (const sink of sinks) {
        const settled = await settle(options, sink, delivery, current);
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
