import type { Delivery } from "../broker/subscriber.ts";
import type { Sink } from "../store/event-log.ts";
import type { FoldResult } from "../store/store.ts";
import { backoff } from "./backoff.ts";
import type { Decoded } from "./decode-delivery.ts";
import type { LaneOptions } from "./lane-options.ts";
import { stopIfRevoked } from "./revoked.ts";
import { type Aside, setAside } from "./set-aside.ts";

/** How often a store is asked to take events that it refuses, before they are set aside. */
const triesMax = 5;
const pause = { minMs: 25, maxMs: 1_000 };

const reasons = {
  late: "older than the duplicate window: whether a copy of it had its effect is unknown",
  conflict: "its id belongs to another payload",
} as const;

/** A delivery that a sink has taken. */
export interface Settlement {
  /** The offset that the sink continues from; 0 on lanes without offsets. */
  readonly next: number;
  /** The messages as they were handed over, with what the sink would not take marked as set aside. */
  readonly decoded: readonly Decoded[];
}

/** Brings one delivery into one sink. What it will not take is set aside first; a sink that is away is waited for. */
export async function settle(
  options: LaneOptions,
  sink: Sink,
  delivery: Delivery,
  decoded: readonly Decoded[],
): Promise<Settlement> {
  let current = decoded;
  let tries = 1;
  // Every round but a refusal's repeat (bounded by `triesMax`) sets at least one more event aside.
  for (let round = 0; round <= decoded.length + triesMax; round += 1) {
    const result = await apply(options, sink, delivery, current);
    if (isSettled(result)) return { next: result.cursor ?? 0, decoded: current };
    if (result.status === "refused" && tries < triesMax) {
      if (tries === 1) options.log.warn("the store refuses events", { reason: result.reason });
      options.report.storeFailed(result.reason);
      await backoff(tries, pause, delivery.signal);
      tries += 1;
    } else {
      const asides = asidesOf(result, current, tries);
      await setAside(options, delivery, asides);
      current = withAsides(current, asides);
      tries = 1;
    }
  }
  throw new Error(`Cannot settle a delivery: the store does not decide: events ${decoded.length}`);
}

/** Applies until the sink answers. */
async function apply(
  { lane, log, report }: LaneOptions,
  sink: Sink,
  delivery: Delivery,
  decoded: readonly Decoded[],
): Promise<FoldResult> {
  const events = decoded.map(({ event }) => event);
  const redelivered = delivery.messages.filter((each) => each.redelivered).length;
  const unidentified = delivery.messages.filter((each) => each.id === undefined).length;
  for (let attempt = 0; ; attempt += 1) {
    stopIfRevoked(delivery);
    try {
      return await sink.apply({
        lane,
        range: delivery.range,
        events,
        // A call whose answer was lost may have been applied: its repeat counts as delivered before.
        redelivered: attempt > 0 ? events.length : redelivered,
        unidentified,
      });
    } catch (error) {
      report.storeFailed(error instanceof Error ? error.message : String(error));
      if (attempt === 0) log.warn("the store does not answer, trying again", { error });
      await backoff(attempt, pause, delivery.signal);
    }
  }
}

type Settled = Extract<FoldResult, { status: "applied" | "behind" | "ahead" }>;

function isSettled(result: FoldResult): result is Settled {
  return ["applied", "behind", "ahead"].includes(result.status);
}

/** The messages that a store's answer says must be set aside. */
function asidesOf(
  result: Exclude<FoldResult, Settled>,
  decoded: readonly Decoded[],
  attempts: number,
): readonly Aside[] {
  if (result.status === "refused") {
    const refused = new Set(result.events);
    return decoded
      .filter((_, index) => refused.has(index))
      .map((each) => ({ ...each, reason: "refused", why: result.reason, attempts }));
  }
  return decoded.flatMap((each, index) => {
    const verdict = result.verdicts[index];
    return verdict === "late" || verdict === "conflict"
      ? [{ ...each, reason: verdict, why: reasons[verdict], attempts }]
      : [];
  });
}

function withAsides(decoded: readonly Decoded[], asides: readonly Aside[]): readonly Decoded[] {
  const reasonOf = new Map(asides.map(({ event, reason }) => [event, reason]));
  return decoded.map((each) => {
    const { event } = each;
    return { ...each, event: { ...event, setAside: event.setAside ?? reasonOf.get(event) } };
  });
}
