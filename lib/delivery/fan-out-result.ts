import type { LaneOutcomes } from "../broker/lane-outcomes.ts";
import { PublishError } from "../broker/publish-error.ts";
import type { NotStored, PublishResult } from "../broker/publisher.ts";
import type { Policy } from "../pipeline/station.ts";

/** How the lanes of one event were asked. */
export interface Asked {
  /** The policy that the call preferred. */
  readonly policy: Policy | undefined;
  /** Whether the lanes were chosen by it; else it is applied only where every lane says so. */
  readonly chosen: boolean;
  /** Whether one lane that stored the event is enough. */
  readonly any: boolean;
}

type NamedResult = readonly [lane: string, result: PublishResult];

/** One result for an event out of its lanes'. */
export function together(results: readonly NamedResult[], asked: Asked): PublishResult {
  const lanes = outcomes(results);
  const wish = asked.policy;
  const isApplied = asked.chosen || results.every(([, result]) => appliedOf(result) === wish);
  const applied = wish !== undefined && isApplied ? { applied: wish } : {};
  const failures = results.flatMap(([, result]) => (result.stored ? [] : [result]));
  const [first] = failures;
  if (first === undefined || (asked.any && failures.length < results.length)) {
    return { stored: true, lanes, ...applied };
  }
  // For the log; what clients see of the lanes names no hosts.
  const why = results.map(
    ([name, result]) => `${name}: ${result.stored ? "stored" : result.error.message}`,
  );
  const error = new PublishError(commonCode(failures, results.length), why.join("; "), {
    lanes,
    ...applied,
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

function outcomes(results: readonly NamedResult[]): LaneOutcomes {
  return Object.fromEntries(
    results.flatMap(([name, result]) => {
      const inner = result.stored ? result.lanes : result.error.lanes;
      if (inner !== undefined) return Object.entries(inner);
      return [[name, result.stored ? "stored" : result.error.code]];
    }),
  );
}

function appliedOf(result: PublishResult): Policy | undefined {
  return result.stored ? result.applied : result.error.applied;
}
