import { PublishError } from "../broker/publish-error.ts";
import type { Publisher, PublishOptions, PublishResult } from "../broker/publisher.ts";
import type { Lane, Policy } from "../pipeline/station.ts";
import { together } from "./fan-out-result.ts";

/** What is asked for each event. */
export interface FanOutOptions<T> {
  /** What holds where a call prefers nothing else. */
  readonly policy: Policy;
  /** The lanes by name, at least one; those that `policy` does not require serve calls that prefer another. */
  readonly lanes: Readonly<Record<string, Publisher<T>>>;
  /** A number from 0 up to 1, for the policy `random`. @default Math.random */
  readonly random?: () => number;
}

/**
 * Publishes each event to the lanes that the policy requires, all at the same time: `both` means every lane, a name that
 * one, `random` one of them for each event and, where that does not confirm, the others within the deadline. An event is
 * stored when all that are required have stored it; a failure names every lane's outcome, and is a refusal only where
 * no lane can have stored the event.
 *
 * A policy that a call prefers takes the place of its own where one of the lanes is a broker's; one that names a lane
 * which is not here is ignored, and not passed on. Where the lanes are hops of other names, the preference is for
 * stations behind them: it is passed on, and applied where every one that was asked says so.
 */
export function fanOut<T>({ policy, lanes, random = Math.random }: FanOutOptions<T>): Publisher<T> {
  const names = Object.keys(lanes);
  const choosing = names.some(isLane);
  const requiredBy = (chosen: Policy) =>
    Object.entries(lanes)
      .filter(([name]) => !isLane(chosen) || name === chosen)
      .map(([name, publisher]) => ({ name, publisher }));
  const publishBy = (chosen: Policy): Publish<T> => {
    const required = requiredBy(chosen);
    return chosen === "random" ? anyOf(required, random, choosing) : allOf(required, choosing);
  };
  const required = requiredBy(policy);
  if (required.length === 0) {
    throw new Error(`Cannot publish to lane ${policy}: there is only ${names}`);
  }
  const own = publishBy(policy);
  const preferred: Readonly<Record<Policy, Publish<T>>> = {
    both: publishBy("both"),
    kafka: publishBy("kafka"),
    rabbit: publishBy("rabbit"),
    random: publishBy("random"),
  };
  return {
    publish: (events, options) => {
      const { policy: wish, deadlineAtMs } = options;
      if (wish === undefined || !choosing) return own(events, options);
      if (isLane(wish) && !names.includes(wish)) return own(events, { deadlineAtMs });
      return preferred[wish](events, options);
    },
    ready: async () => {
      const ready = await Promise.all(required.map(({ publisher }) => publisher.ready()));
      return policy === "random" ? ready.some(Boolean) : ready.every(Boolean);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(Object.values(lanes).map((publisher) => publisher[Symbol.asyncDispose]()));
    },
  };
}

/** A policy that names a lane concerns the stations that have it; others hand everything on. */
export function policyAmong(policy: Policy, lanes: readonly string[]): Policy {
  return isLane(policy) && !lanes.includes(policy) ? "both" : policy;
}

/** Whether a lane's or a policy's name is that of a broker. */
export function isLane(name: string): name is Lane {
  return name === "kafka" || name === "rabbit";
}

interface NamedLane<T> {
  readonly name: string;
  readonly publisher: Publisher<T>;
}

type Publish<T> = Publisher<T>["publish"];

function allOf<T>(lanes: readonly NamedLane<T>[], chosen: boolean): Publish<T> {
  return async (events, options) => {
    const results = await Promise.all(
      lanes.map(({ publisher }) => publisher.publish(events, options)),
    );
    return events.map((_, index) =>
      together(
        lanes.map(({ name }, lane) => [name, resultAt(results[lane], index)]),
        { policy: options.policy, chosen, any: false },
      ),
    );
  };
}

function anyOf<T>(
  lanes: readonly NamedLane<T>[],
  random: () => number,
  chosen: boolean,
): Publish<T> {
  const one = async (event: T, options: PublishOptions): Promise<PublishResult> => {
    const first = Math.floor(random() * lanes.length);
    const tried: [string, PublishResult][] = [];
    for (let at = 0; at < lanes.length; at += 1) {
      const lane = lanes[(first + at) % lanes.length];
      if (lane === undefined || (at > 0 && Date.now() >= options.deadlineAtMs)) break;
      // The first lane must leave the others some of the time.
      const leftMs = Math.max(0, options.deadlineAtMs - Date.now());
      const deadlineAtMs = Date.now() + leftMs / (lanes.length - at);
      const results = await lane.publisher.publish([event], { ...options, deadlineAtMs });
      const result = resultAt(results, 0);
      tried.push([lane.name, result]);
      if (result.stored) break;
    }
    return together(tried, { policy: options.policy, chosen, any: true });
  };
  return (events, options) => Promise.all(events.map((event) => one(event, options)));
}

function resultAt(results: readonly PublishResult[] | undefined, index: number): PublishResult {
  const missing = new PublishError("unavailable", "the lane gave no result");
  return results?.[index] ?? { stored: false, error: missing };
}
