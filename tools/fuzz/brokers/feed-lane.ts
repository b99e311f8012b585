import fc from "fast-check";
import type { AnyPipeline } from "../../../lib/pipeline/pipeline.ts";
import { seededRandom } from "../../../lib/store/testing/random.ts";
import type { Feed } from "./kafka-feed.ts";
import { idOf, type LaneMessage, laneMessages } from "./lane-message.ts";

/** What was put on a lane. */
export interface Fed {
  readonly sent: number;
  readonly good: number;
  readonly asides: number;
  readonly repeats: number;
  /** The ids of good ones that have an id of their own. */
  readonly goodIds: readonly string[];
  readonly tookMs: number;
}

const atOnce = 100;
/** Less than Kafka takes as one message. */
const largeBytes = 700_000;

/** Puts generated messages on a lane, some of them twice. */
export async function feedLane(
  pipeline: AnyPipeline,
  feed: Feed,
  {
    count,
    seed,
    signal,
  }: { readonly count: number; readonly seed: number; readonly signal: AbortSignal },
): Promise<Fed> {
  const startedMs = performance.now();
  const random = seededRandom(seed);
  const messages = laneMessages(pipeline, largeBytes);
  const counts = { good: 0, aside: 0, repeat: 0 };
  const goodIds: string[] = [];
  let sent = 0;
  while (sent < count && !signal.aborted) {
    const numRuns = Math.min(atOnce, count - sent);
    const made = fc
      .sample(messages, { numRuns, seed: (seed + sent) % 2 ** 31 })
      .map(
        ({ idKind, ...each }): LaneMessage => ({ ...each, id: idOf(idKind, random.below(100)) }),
      );
    const all = made.flatMap((message): LaneMessage[] => {
      const hasId = message.id !== undefined && isOwn(message.id);
      if (message.outcome === "good" && hasId && message.id !== undefined) goodIds.push(message.id);
      // The same once more is a repeat; the same id under another body is a conflict, whichever comes first.
      const isTwice = message.outcome === "good" && hasId && random.chance(0.05);
      return isTwice ? [message, { ...message, outcome: "repeat" }] : [message];
    });
    await feed.send(all, random);
    for (const { outcome } of all) counts[outcome] += 1;
    sent += all.length;
  }
  const tookMs = performance.now() - startedMs;
  return { sent, good: counts.good, asides: counts.aside, repeats: counts.repeat, goodIds, tookMs };
}

function isOwn(id: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(id);
}
