import type { PublishResult } from "../broker/publisher.ts";
import type { Delivery } from "../broker/subscriber.ts";
import type { AsideReason } from "../store/store.ts";
import { backoff } from "./backoff.ts";
import { type DeadLetter, deadLetter, deadLetterMessage } from "./dead-letter.ts";
import type { Decoded } from "./decode-delivery.ts";
import type { LaneOptions } from "./lane-options.ts";
import { stopIfRevoked } from "./revoked.ts";

/** A message to set aside, and why. */
export interface Aside extends Decoded {
  readonly reason: AsideReason;
  readonly why: string;
  readonly attempts: number;
}

const pause = { minMs: 50, maxMs: 2_000 };
const publishMs = 5_000;

/** Resolves once the dead letters are stored; a lane that is away is waited for, as long as the delivery is ours. */
export async function setAside(
  options: LaneOptions,
  delivery: Delivery,
  asides: readonly Aside[],
): Promise<void> {
  let left = asides;
  for (let attempt = 0; left.length > 0; attempt += 1) {
    stopIfRevoked(delivery);
    const results = await options.deadLetters.publish(
      left.map((aside) => deadLetterMessage(letterOf(options, aside, delivery))),
      { deadlineAtMs: Date.now() + publishMs },
    );
    left = tellStored(options, left, results);
    if (left.length > 0) {
      if (attempt === 0) options.log.warn("dead letters are not stored yet", failureOf(results));
      await backoff(attempt, pause, delivery.signal);
    }
  }
}

/** Reports what was stored and returns the rest. */
function tellStored(
  { report }: LaneOptions,
  asides: readonly Aside[],
  results: readonly PublishResult[],
): readonly Aside[] {
  return asides.filter((aside, index) => {
    if (results[index]?.stored !== true) return true;
    report.setAside(aside.message, aside.reason, aside.why);
    return false;
  });
}

function failureOf(results: readonly PublishResult[]) {
  const failed = results.find((each) => !each.stored);
  return failed?.stored === false ? { error: failed.error } : {};
}

function letterOf({ pipeline, lane }: LaneOptions, aside: Aside, delivery: Delivery): DeadLetter {
  const { offset } = aside.message;
  return deadLetter(aside.message, {
    id: aside.event.id,
    reason: aside.reason,
    error: aside.why,
    attempts: aside.attempts,
    origin: {
      pipeline: pipeline.name,
      lane,
      ...(delivery.range === undefined || offset === undefined
        ? {}
        : { position: { partition: delivery.range.partition, offset } }),
    },
    firstAt: new Date(aside.seenAtMs).toISOString(),
    lastAt: new Date().toISOString(),
  });
}
