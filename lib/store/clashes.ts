import { type FoldPlan, reservedPrefix, wellFormed } from "./fold-plan.ts";

/**
 * Adds to `plan.badSlots` the keys that the plan itself uses in two ways and those that are the store's own: what
 * would fail half way must be known before the first write.
 */
export function findClashes(plan: FoldPlan): void {
  const uses = new Map<string, string>();
  for (const [use, keys] of usesOf(plan)) {
    for (const key of keys) claim(plan, uses, key, use);
  }
  for (const [key, records] of plan.records) {
    const fields = plan.hashes.get(key);
    if (fields === undefined) continue;
    for (const raw of records.flatMap(({ content }) => Object.keys(content))) {
      const field = wellFormed(raw);
      const kind = fields.get(field)?.kind;
      if (kind === undefined) continue;
      plan.badSlots.push({ key, field, why: "clash", found: `${kind} and setHash` });
    }
  }
}

function usesOf(plan: FoldPlan): readonly (readonly [string, Iterable<string>])[] {
  return [
    ["counter", plan.counters.keys()],
    ["value", plan.values.keys()],
    ["hash", plan.hashes.keys()],
    ["hash", plan.records.keys()],
    ["stream", plan.streams.keys()],
    ["list", plan.lists.keys()],
  ];
}

function claim(plan: FoldPlan, uses: Map<string, string>, key: string, use: string): void {
  const before = uses.get(key);
  uses.set(key, use);
  if (key.startsWith(reservedPrefix)) {
    plan.badSlots.push({ key, field: undefined, why: "reserved", found: use });
  } else if (before !== undefined && before !== use) {
    plan.badSlots.push({ key, field: undefined, why: "clash", found: `${before} and ${use}` });
  }
}
