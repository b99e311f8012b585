import type { Delivery } from "../broker/subscriber.ts";
import type { FoldEvent, FoldResult, Store } from "../store/store.ts";
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

/**
 * Brings one delivery into one store and resolves to the offset that the store continues from (0 on lanes without
 * offsets). What the store will not take is set aside first; a store that is away is waited for.
 */
export async function settle(
  options: LaneOptions,
  store: Store,
  delivery: Delivery,
  decoded: readonly Decoded[],
): Promise<number> {
  let events = decoded.map(({ event }) => event);
  let tries = 1;
  // Every round but a refusal's repeat (bounded by `triesMax`) sets at least one more event aside.
  for (let round = 0; round <= events.length + triesMax; round += 1) {
    const result = await apply(options, store, delivery, events);
    if (isSettled(result)) return result.cursor ?? 0;
    if (result.status === "refused" && tries < triesMax) {
      if (tries === 1) options.log.warn("the store refuses events", { reason: result.reason });
      options.report.storeFailed(result.reason);
      await backoff(tries, pause, delivery.signal);
      tries += 1;
    } else {
      const asides = asidesOf(result, decoded, tries);
      await setAside(options, delivery, asides);
      events = withAsides(events, asides);
      tries = 1;
    }
  }
  throw new Error(`Cannot settle a delivery: the store does not decide: events ${events.length}`);
}

/** Applies until the store answers. */
async function apply(
  { lane, log, report }: LaneOptions,
  store: Store,
  delivery: Delivery,
  events: readonly FoldEvent[],
): Promise<FoldResult> {
  const redelivered = delivery.messages.filter((each) => each.redelivered).length;
  const unidentified = delivery.messages.filter((each) => each.id === undefined).length;
  for (let attempt = 0; ; attempt += 1) {
    stopIfRevoked(delivery);
    try {
      return await store.apply({
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

function withAsides(events: readonly FoldEvent[], asides: readonly Aside[]): FoldEvent[] {
  const reasonOf = new Map(asides.map(({ event, reason }) => [event, reason]));
  return events.map((event) => ({ ...event, setAside: event.setAside ?? reasonOf.get(event) }));
}
