import { decodeDelivery } from "../delivery/decode-delivery.ts";
import { eventTimeMs } from "../event/event-id.ts";
import type { AnyPipeline } from "../pipeline/pipeline.ts";
import type { FoldTraits } from "../store/compare-stores.ts";
import type { AsideReason, FoldEvent, FoldResult, Store } from "../store/store.ts";
import type { KnownAsides } from "./known-asides.ts";
import type { Stretch } from "./merge-logs.ts";

/** Folds stretches of logs into a store. */
export interface Refold {
  /**
   * Decodes one stretch, and answers what folds it. What the live store set aside is set aside here, for the same reason;
   * what this one will not take is, too, and no dead letter is written: it is there already. Folding rejects where the
   * store is not where the stretch begins: somebody else writes to it.
   */
  prepare(stretch: Stretch): () => Promise<void>;
  /** What was learnt on the way. */
  readonly traits: FoldTraits;
}

const never = new AbortController().signal;

/** Folds for `pipeline` into `store`. */
export function refold(
  pipeline: AnyPipeline,
  store: Pick<Store, "apply">,
  asides: KnownAsides,
): Refold {
  const bounds = new Map<string, number>();
  const outlived = new Set<string>();
  const learn = ({ id, operations }: FoldEvent, nowMs: number) => {
    for (const operation of operations) {
      if (operation.op !== "append" && operation.op !== "push") continue;
      bounds.set(operation.key, operation.maxLength);
      if (operation.op === "push" && eventTimeMs(id) + (operation.ttlMs ?? nowMs) <= nowMs) {
        outlived.add(operation.key);
      }
    }
  };
  return {
    traits: { bounds, outlived },
    prepare(stretch) {
      const { range, messages } = stretch;
      const known = asides.get(range.partition);
      const nowMs = Date.now();
      const decoded = decodeDelivery(pipeline, { range, messages, signal: never });
      const events = decoded.map(({ event }) => {
        const setAside = event.setAside ?? known?.get(event.offset ?? -1);
        if (setAside === undefined) learn(event, nowMs);
        return setAside === event.setAside ? event : { ...event, setAside };
      });
      return () => applyAll(store, stretch, events);
    },
  };
}

async function applyAll(
  store: Pick<Store, "apply">,
  { lane, range, messages }: Stretch,
  given: readonly FoldEvent[],
): Promise<void> {
  const unidentified = messages.filter(({ id }) => id === undefined).length;
  let events = given;
  // Every round but the last sets at least one more event aside.
  for (let round = 0; round <= given.length + 1; round++) {
    const result = await store.apply({ lane, range, events, redelivered: 0, unidentified });
    switch (result.status) {
      case "applied":
        return;
      case "behind":
      case "ahead":
        throw new Error(
          `Cannot fold ${range.partition} from ${range.from}: somebody else has changed the fresh store: its current cursor is ${result.cursor}`,
        );
      default:
        events = withAsides(events, result);
    }
  }
  throw new Error(`Cannot fold a stretch: the store does not decide: events ${given.length}`);
}

type Undecided = Extract<FoldResult, { status: "unsettled" | "refused" }>;

function withAsides(events: readonly FoldEvent[], result: Undecided): readonly FoldEvent[] {
  const reasonOf = (index: number): AsideReason | undefined => {
    if (result.status === "refused") return result.events.includes(index) ? "refused" : undefined;
    const verdict = result.verdicts[index];
    return verdict === "late" || verdict === "conflict" ? verdict : undefined;
  };
  return events.map((event, index) => ({
    ...event,
    setAside: event.setAside ?? reasonOf(index),
  }));
}
