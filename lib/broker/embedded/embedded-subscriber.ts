import { pause } from "../../pause.ts";
import { type Closing, createClosing } from "../closing.ts";
import { deliver } from "../delivering.ts";
import { linkedAbort } from "../linked-abort.ts";
import type { Delivery, DeliveryHandler, OffsetRange, Subscriber } from "../subscriber.ts";
import {
  type SubscriberOptions,
  type SubscriberSettings,
  subscriberSettings,
} from "../subscriber-options.ts";
import { type Session, supervise } from "../supervise.ts";
import type { Journal } from "./journal.ts";
import type { Lane, Reader } from "./lane.ts";

interface Following {
  readonly journal: Journal;
  readonly lane: Lane;
  readonly handler: DeliveryHandler;
  readonly settings: SubscriberSettings;
  readonly closing: Closing;
}

/** Where the store stands, within what the lane holds. */
async function storePosition({ lane, handler, settings }: Following): Promise<number> {
  const cursors = await handler.resumeFrom([lane.partition]);
  const cursor = cursors.get(lane.partition) ?? lane.first;
  if (cursor <= lane.next) return cursor;
  settings.log.error("the store is ahead of the lane: its end is taken", {
    partition: lane.partition,
    cursor,
    end: lane.next,
  });
  return lane.next;
}

function nextDelivery(
  { journal, lane, settings }: Following,
  from: number,
  signal: AbortSignal,
): Delivery | undefined {
  const { partition } = lane;
  if (from < lane.first) {
    const range: OffsetRange = { partition, from, to: lane.first, gap: "lost" };
    return { range, messages: [], signal };
  }
  const messages = journal.read(lane, from, settings.batchMax);
  if (messages.length === 0) return undefined;
  return { range: { partition, from, to: from + messages.length }, messages, signal };
}

/** Waits for the next commit of the lane, the next resync or the end. */
async function rest(reader: Reader, waitMs: number, stopping: AbortSignal): Promise<void> {
  using woken = linkedAbort(stopping);
  reader.wake = () => woken.abort();
  await pause(waitMs, woken.signal);
}

async function follow(following: Following, session: Session): Promise<void> {
  const { lane, handler, settings, closing } = following;
  const reader: Reader = { position: await storePosition(following), wake: () => {} };
  let resyncAtMs = Date.now() + settings.resyncMs;
  lane.readers.add(reader);
  session.up();
  try {
    while (!closing.stopping.aborted) {
      if (Date.now() >= resyncAtMs) {
        reader.position = await storePosition(following);
        resyncAtMs = Date.now() + settings.resyncMs;
      }
      using link = linkedAbort(closing.aborted);
      const delivery = nextDelivery(following, reader.position, link.signal);
      if (delivery?.range) {
        const given = () => closing.stopping.aborted;
        const settlement = await deliver(handler, delivery, { ...settings, given });
        if (!settlement.settled) return;
        const next = Math.min(settlement.next ?? delivery.range.to, lane.next);
        // Lets everything else in this process have its turn; a handler that stays where it is waits longer.
        if (next === reader.position) await pause(settings.pauseMs, closing.stopping);
        else await new Promise(setImmediate);
        reader.position = next;
      } else await rest(reader, resyncAtMs - Date.now(), closing.stopping);
    }
  } finally {
    lane.settled = Math.max(lane.first, reader.position);
    lane.readers.delete(reader);
  }
}

/** Follows one lane of the embedded broker from where the handler's store stands. */
export function embeddedSubscriber(
  journal: Journal,
  lane: Lane,
  options: SubscriberOptions,
): Subscriber {
  const settings = subscriberSettings(options);
  return {
    async subscribe(handler) {
      const closing = createClosing();
      const following = { journal, lane, handler, settings, closing };
      const supervisor = supervise({
        run: (session) => follow(following, session),
        onFault: (error) => settings.log.warn("a lane cannot be followed, trying again", { error }),
      });
      return {
        ready: async () => !closing.stopping.aborted,
        [Symbol.asyncDispose]: () => closing.close(supervisor.stop, settings.closeTimeoutMs),
      };
    },
  };
}
