import type { Publisher, PublishOptions, PublishResult } from "../broker/publisher.ts";
import { backoff } from "../delivery/backoff.ts";
import { createRepeatBudget } from "./repeat-budget.ts";

/** How a hop is asked again. */
export interface RepeatingOptions {
  /** Hears of every repeat. */
  readonly onRepeat?: () => void;
}

/** The most repeats of one event. */
const repeatsMax = 3;

/** Between two tries, in milliseconds: time for another place to be chosen, and for a name to be looked up again. */
const pauses = { minMs: 20, maxMs: 200 };

/**
 * Asks a hop again for an event that it could not hand on, where the call says that it may (`mayRepeat`): three times at
 * most, within the deadline and a budget of a tenth of all calls, after pauses that grow. The event's id makes it harmless.
 *
 * Only the first door lets its hop repeat: were every hop to, one fault at the end of a chain of three would be asked 64 times.
 */
export function repeating<T>(
  publisher: Publisher<T>,
  { onRepeat }: RepeatingOptions = {},
): Publisher<T> {
  const budget = createRepeatBudget();

  async function again(event: T, first: PublishResult, options: PublishOptions) {
    let result = first;
    for (let repeat = 0; repeat < repeatsMax && helps(result); repeat += 1) {
      if (!budget.take()) break;
      await backoff(repeat, pauses);
      if (Date.now() >= options.deadlineAtMs) break;
      onRepeat?.();
      const [next = result] = await publisher.publish([event], options);
      // What the try before may have stored is not undone by a refusal of this one: it stays unknown.
      if (!next.stored && next.error.refused) break;
      result = next;
    }
    return result;
  }

  return {
    publish: async (events, options) => {
      for (let count = 0; count < events.length; count += 1) budget.earn();
      const results = await publisher.publish(events, options);
      if (!(options.mayRepeat && results.some(helps))) return results;
      return Promise.all(
        results.map((result, index) => {
          const event = events[index];
          return event === undefined ? result : again(event, result, options);
        }),
      );
    },
    ready: () => publisher.ready(),
    [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
  };
}

/** Whether another try may do better: a refusal holds, and after a deadline no time is left. */
function helps(result: PublishResult): boolean {
  return !result.stored && result.error.code === "unavailable";
}
