import type { LaneOutcomes } from "../broker/lane-outcomes.ts";
import { policyIn, preferenceApplied } from "../door/preference.ts";
import type { Policy } from "../pipeline/station.ts";
import { laneOutcomes, parseLanes } from "../rpc/metadata.ts";

/** What a reply's headers or metadata say of the policy that it was asked for; nothing where it does not name it as applied. */
export function appliedTo(
  policy: Policy,
  headers: Headers,
): { readonly applied?: Policy; readonly lanes?: LaneOutcomes } {
  if (policyIn(headers.get(preferenceApplied)) !== policy) return {};
  const lanes = parseLanes(headers.get(laneOutcomes));
  return lanes === undefined ? { applied: policy } : { applied: policy, lanes };
}
