import type { Operation } from "../pipeline/operation.ts";
import { type BadSlot, type FoldPlan, wellFormed } from "./fold-plan.ts";
import type { FoldEvent, FoldResult } from "./store.ts";

/**
 * The answer to a batch whose plan cannot be written: the plan's own faults and the slots that the store found,
 * and of the folded events exactly those that touch them.
 */
export function refusal(
  events: readonly FoldEvent[],
  folded: readonly boolean[],
  plan: FoldPlan,
  found: readonly BadSlot[],
): FoldResult {
  const slots = [...plan.badSlots, ...found];
  const byKey = Map.groupBy(slots, ({ key }) => key);
  const bad = new Set(plan.badOperations.map(({ event }) => event));
  const refused = [...events.keys()].filter(
    (index) =>
      folded[index] === true &&
      (bad.has(index) || events[index]?.operations.some((each) => touches(each, byKey))),
  );
  const reasons = [
    ...new Set([...plan.badOperations.map(({ why }) => why), ...slots.map(describe)]),
  ].sort();
  const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : "";
  return { status: "refused", events: refused, reason: `${reasons[0]}${more}` };
}

/** Whether the store can take the plan as far as the plan itself tells. */
export function isSound(plan: FoldPlan): boolean {
  return plan.badSlots.length === 0 && plan.badOperations.length === 0;
}

function touches(operation: Operation, byKey: ReadonlyMap<string, readonly BadSlot[]>): boolean {
  const slots = byKey.get(wellFormed(operation.key)) ?? [];
  return slots.some(({ field }) => field === undefined || hasField(operation, field));
}

function hasField(operation: Operation, field: string): boolean {
  switch (operation.op) {
    case "countField":
    case "sum":
    case "min":
    case "max":
      return wellFormed(operation.field) === field;
    case "setHash":
      return Object.keys(operation.fields).some((each) => wellFormed(each) === field);
    default:
      return false;
  }
}

const shown = (text: string) => JSON.stringify(text.slice(0, 64));

function describe({ key, field, why, found }: BadSlot): string {
  const slot = field === undefined ? `key ${shown(key)}` : `${shown(field)} of key ${shown(key)}`;
  switch (why) {
    case "type":
      return `${slot} is of another type: current value is a ${found}`;
    case "number":
      return `${slot} must be a whole number within ±2^53: current value is ${shown(found)}`;
    case "overflow":
      return `${slot} would leave ±2^53: current value is ${shown(found)}`;
    case "ids":
      return `${slot} has no ids left: current value is ${shown(found)}`;
    case "clash":
      return `${slot} is used in two ways: current value is ${found}`;
    case "reserved":
      return `${slot} is the store's own`;
  }
}
