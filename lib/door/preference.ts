import type { LaneOutcomes } from "../broker/lane-outcomes.ts";
import { type Policy, policies } from "../pipeline/station.ts";
import { formatLanes, laneOutcomes } from "../rpc/metadata.ts";

/** The HTTP header and gRPC metadata by which a client prefers a policy for one request (RFC 7240). */
export const prefer = "prefer";

/** The HTTP header and gRPC metadata of a reply that name the preference which was applied. */
export const preferenceApplied = "preference-applied";

/** How much of a header is read, in characters. */
const textMax = 1_000;

/** One preference with its parameters: commas part them, but not in quotes. */
const preferences = /(?:[^,"]|"(?:[^"\\]|\\.)*")+/g;

/** The value of `policy`, as a token or in quotes; what stands behind a semicolon are parameters. */
const policyPreference = /^\s*policy\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s";]*)))?\s*(?:;|$)/i;

/**
 * The policy that a `Prefer` or `Preference-Applied` header names, in any case. Of several the first counts, as the RFC
 * has it; other preferences, words that name no policy and what cannot be read are passed over.
 */
export function policyIn(text: string | null): Policy | undefined {
  for (const [preference] of (text ?? "").slice(0, textMax).matchAll(preferences)) {
    const match = policyPreference.exec(preference);
    if (match === null) continue;
    const word = (match[1]?.replaceAll(/\\(.)/g, "$1") ?? match[2] ?? "").toLowerCase();
    return policies.find((policy) => policy === word);
  }
  return undefined;
}

/** Writes into a reply's headers or metadata which policy was applied, and how its lanes answered. */
export function tellApplied(
  headers: Headers,
  { policy, lanes }: { readonly policy: Policy; readonly lanes: LaneOutcomes },
): void {
  headers.set(preferenceApplied, formatPolicy(policy));
  headers.set(laneOutcomes, formatLanes(lanes));
}

/** A policy as a header has it. */
export function formatPolicy(policy: Policy): string {
  return `policy=${policy}`;
}
