import type { BadSlot, FieldChange, FoldPlan, KeyType } from "../fold-plan.ts";
import { wholeNumber } from "../whole-number.ts";
import type { Data } from "./data.ts";

/** What the plan's numbers will be, and what forbids writing any of it. */
export interface CheckedPlan {
  readonly bad: readonly BadSlot[];
  readonly counters: ReadonlyMap<string, number>;
  readonly hashes: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Checks types and old values of everything that the plan touches; writes nothing. */
export function checkPlan(plan: FoldPlan, data: Data, nowMs: number): CheckedPlan {
  const bad: BadSlot[] = [];
  const isType = (key: string, type: KeyType) => {
    const found = data.get(key, nowMs)?.type;
    if (found === undefined || found === type) return true;
    bad.push({ key, field: undefined, why: "type", found });
    return false;
  };
  const next = (
    slot: Pick<BadSlot, "key" | "field">,
    old: string | undefined,
    change: FieldChange,
  ) => {
    const before = old === undefined ? undefined : wholeNumber(old);
    const after = before === undefined ? change.value : combine(before, change);
    if (old !== undefined && before === undefined) {
      bad.push({ ...slot, why: "number", found: old.slice(0, 64) });
    } else if (!Number.isSafeInteger(after)) {
      bad.push({ ...slot, why: "overflow", found: old ?? "" });
    }
    return after;
  };

  const counters = new Map<string, number>();
  for (const [key, value] of plan.counters) {
    if (!isType(key, "string")) continue;
    const old = data.get(key, nowMs)?.value;
    counters.set(key, next({ key, field: undefined }, old, { kind: "add", value }));
  }
  const hashes = new Map<string, Map<string, number>>();
  for (const [key, changes] of plan.hashes) {
    if (!isType(key, "hash")) continue;
    const live = data.get(key, nowMs) !== undefined;
    const fields = new Map<string, number>();
    for (const [field, change] of changes) {
      const old = live ? data.field(key, field) : undefined;
      fields.set(field, next({ key, field }, old, change));
    }
    hashes.set(key, fields);
  }
  for (const key of plan.streams.keys()) isType(key, "stream");
  for (const key of plan.lists.keys()) isType(key, "list");
  for (const key of plan.values.keys()) isType(key, "string");
  for (const key of plan.records.keys()) isType(key, "hash");
  return { bad, counters, hashes };
}

function combine(before: number, { kind, value }: FieldChange): number {
  if (kind === "add") return before + value;
  return kind === "min" ? Math.min(before, value) : Math.max(before, value);
}
