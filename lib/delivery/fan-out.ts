import type { LaneOutcomes } from "../broker/lane-outcomes.ts";
import { PublishError } from "../broker/publish-error.ts";
import type { NotStored, Publisher, PublishOptions, PublishResult } from "../broker/publisher.ts";
import type { Policy } from "../pipeline/station.ts";

/** What is asked for each event. */
export interface FanOutOptions<T> {
  readonly policy: Policy;
  /** The lanes by name, at least one. */
  readonly lanes: Readonly<Record<string, Publisher<T>>>;
  /** A number from 0 up to 1, for the policy `random`. @default Math.random */
  readonly random?: () => number;
}

/**
 * Publishes each event to the lanes that the policy requires, all at the same time: `both` means every lane, a name that
 * one, `random` one of them for each event and, where that does not confirm, the others within the deadline. An event is
 * stored when all that are required have stored it; a failure names every lane's outcome, and is a refusal only where
 * no lane can have stored the event.
 */
export function fanOut<T>({ policy, lanes, random = Math.random }: FanOutOptions<T>): Publisher<T> {
  const names = policy === "both" || policy === "random" ? Object.keys(lanes) : [policy];
  const chosen = names.map((name) => {
    const publisher = lanes[name];
    if (publisher === undefined) {
      throw new Error(`Cannot publish to lane ${name}: there is only ${Object.keys(lanes)}`);
    }
    return { name, publisher };
  });
  return {
    publish: policy === "random" ? anyOf(chosen, random) : allOf(chosen),
    ready: async () => {
      const ready = await Promise.all(chosen.map(({ publisher }) => publisher.ready()));
      return policy === "random" ? ready.some(Boolean) : ready.every(Boolean);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(Object.values(lanes).map((publisher) => publisher[Symbol.asyncDispose]()));
    },
  };
}

interface NamedLane<T> {
  readonly name: string;
  readonly publisher: Publisher<T>;
}

type Publish<T> = Publisher<T>["publish"];

function allOf<T>(lanes: readonly NamedLane<T>[]): Publish<T> {
  return async (events, options) => {
    const results = await Promise.all(
      lanes.map(({ publisher }) => publisher.publish(events, options)),
    );
    return events.map((_, index) =>
      together(lanes.map(({ name }, lane) => [name, resultAt(results[lane], index)])),
    );
  };
}

function anyOf<T>(lanes: readonly NamedLane<T>[], random: () => number): Publish<T> {
  const one = async (event: T, options: PublishOptions): Promise<PublishResult> => {
    const first = Math.floor(random() * lanes.length);
    const tried: [string, PublishResult][] = [];
    for (let at = 0; at < lanes.length; at += 1) {
      const lane = lanes[(first + at) % lanes.length];
      if (lane === undefined || (at > 0 && Date.now() >= options.deadlineAtMs)) break;
      // The first lane must leave the others some of the time.
      const leftMs = Math.max(0, options.deadlineAtMs - Date.now());
      const deadlineAtMs = Date.now() + leftMs / (lanes.length - at);
      const result = resultAt(await lane.publisher.publish([event], { deadlineAtMs }), 0);
      tried.push([lane.name, result]);
      if (result.stored) return { stored: true, lanes: outcomes(tried) };
    }
    return together(tried);
  };
  return (events, options) => Promise.all(events.map((event) => one(event, options)));
}

function together(results: readonly (readonly [string, PublishResult])[]): PublishResult {
  const lanes = outcomes(results);
  const failures = results.flatMap(([, result]) => (result.stored ? [] : [result]));
  const [first] = failures;
  if (first === undefined) return { stored: true, lanes };
  // For the log; what clients see of the lanes names no hosts.
  const why = results.map(
    ([name, result]) => `${name}: ${result.stored ? "stored" : result.error.message}`,
  );
  const error = new PublishError(commonCode(failures, results.length), why.join("; "), {
    lanes,
    cause: first.error,
  });
  return { stored: false, error };
}

/** A refusal holds for the event only where every lane refused; a deadline only where nothing worse is known. */
function commonCode(failures: readonly NotStored[], asked: number) {
  const codes = new Set(failures.map(({ error }) => error.code));
  const [first] = codes;
  if (failures.length === asked && failures.every(({ error }) => error.refused)) {
    // Of several refusals the one that a later repeat can overcome.
    return codes.has("overloaded") || first === undefined ? "overloaded" : first;
  }
  return codes.size === 1 && first === "deadline" ? first : "unavailable";
}

function outcomes(results: readonly (readonly [string, PublishResult])[]): LaneOutcomes {
  return Object.fromEntries(
    results.flatMap(([name, result]) => {
      const inner = result.stored ? result.lanes : result.error.lanes;
      if (inner !== undefined) return Object.entries(inner);
      return [[name, result.stored ? "stored" : result.error.code]];
    }),
  );
}

function resultAt(results: readonly PublishResult[] | undefined, index: number): PublishResult {
  const missing = new PublishError("unavailable", "the lane gave no result");
  return results?.[index] ?? { stored: false, error: missing };
}
