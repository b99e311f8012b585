import { type EventId, eventTimeMs } from "../event/event-id.ts";
import type { Operation } from "../pipeline/operation.ts";
import { findClashes } from "./clashes.ts";
import {
  asText,
  type FieldChange,
  type FoldPlan,
  type Newest,
  type RecordFields,
  type Tail,
  wellFormed,
} from "./fold-plan.ts";
import { operationFault } from "./operation-fault.ts";
import type { FoldEvent } from "./store.ts";

/** Folds the events that `folded` marks; the order of drivers' writes is the plan's. */
export function prefold(events: readonly FoldEvent[], folded: readonly boolean[]): FoldPlan {
  const plan: FoldPlan = {
    counters: new Map(),
    hashes: new Map(),
    streams: new Map(),
    lists: new Map(),
    values: new Map(),
    records: new Map(),
    badSlots: [],
    badOperations: [],
  };
  for (const [index, event] of events.entries()) {
    if (folded[index] === true) foldEvent(plan, event, index);
  }
  findClashes(plan);
  return plan;
}

interface Source {
  readonly index: number;
  readonly id: EventId;
  readonly timeMs: number;
}

function foldEvent(plan: FoldPlan, { id, operations }: FoldEvent, index: number): void {
  const source = { index, id, timeMs: eventTimeMs(id) };
  for (const operation of operations) {
    const why = operationFault(operation);
    if (why === undefined) foldOperation(plan, source, operation);
    else plan.badOperations.push({ event: index, why });
  }
}

function foldOperation(plan: FoldPlan, source: Source, operation: Operation): void {
  const key = wellFormed(operation.key);
  switch (operation.op) {
    case "count":
      plan.counters.set(key, (plan.counters.get(key) ?? 0) + 1);
      break;
    case "countField":
      change(plan, key, operation.field, "add", 1);
      break;
    case "sum":
      change(plan, key, operation.field, "add", operation.value);
      break;
    case "min":
    case "max":
      change(plan, key, operation.field, operation.op, operation.value);
      break;
    case "setHash":
      setRecord(plan, key, newestOf(source, operation.fields, operation.ttlMs));
      break;
    case "setValue":
      setValue(plan, key, newestOf(source, wellFormed(operation.value), operation.ttlMs));
      break;
    case "append":
      tailOf(plan.streams, key, operation.maxLength).items.push({
        timeMs: source.timeMs,
        fields: operation.fields,
      });
      break;
    case "push":
      push(tailOf(plan.lists, key, operation.maxLength), source, operation);
      break;
  }
}

function change(
  plan: FoldPlan,
  key: string,
  rawField: string,
  kind: FieldChange["kind"],
  value: number,
): void {
  const field = wellFormed(rawField);
  let fields = plan.hashes.get(key);
  if (fields === undefined) {
    fields = new Map();
    plan.hashes.set(key, fields);
  }
  const before = fields.get(field);
  // Adding 0 takes the sign from -0, which no store could read back as a number.
  if (before === undefined) fields.set(field, { kind, value: value + 0 });
  else if (before.kind !== kind) {
    const found = `${before.kind} and ${kind}`;
    plan.badSlots.push({ key, field, why: "clash", found });
  } else if (kind === "add") addUp(plan, key, field, before, value);
  else before.value = (kind === "min" ? Math.min : Math.max)(before.value, value) + 0;
}

function addUp(
  plan: FoldPlan,
  key: string,
  field: string,
  change: FieldChange,
  value: number,
): void {
  const sum = change.value + value;
  if (Number.isSafeInteger(sum)) change.value = sum + 0;
  else plan.badSlots.push({ key, field, why: "overflow", found: String(change.value) });
}

function newestOf<T>({ index, id, timeMs }: Source, content: T, ttlMs?: number): Newest<T> {
  return {
    event: index,
    id,
    content,
    expiresMs: ttlMs === undefined ? undefined : timeMs + ttlMs,
  };
}

/** Ids in canonical text rise as their bytes do. */
function setValue(plan: FoldPlan, key: string, after: Newest<string>): void {
  const before = plan.values.get(key);
  if (before === undefined || after.id >= before.id) plan.values.set(key, after);
}

/** As if one event after the other were written: an older one writes nothing, a newer one writes over it. */
function setRecord(plan: FoldPlan, key: string, after: Newest<RecordFields>): void {
  const all = plan.records.get(key);
  const before = all?.at(-1);
  if (all === undefined || before === undefined) plan.records.set(key, [after]);
  else if (after.id === before.id) {
    all[all.length - 1] = { ...after, content: { ...before.content, ...after.content } };
  } else if (after.id > before.id) {
    while (all.length > 0 && covers(after.content, all.at(-1)?.content ?? {})) all.pop();
    all.push(after);
  }
}

function covers(fields: RecordFields, others: RecordFields): boolean {
  for (const name in others) {
    if (!Object.hasOwn(fields, name)) return false;
  }
  return true;
}

function tailOf<T>(all: Map<string, Tail<T>>, key: string, maxLength: number): Tail<T> {
  let tail = all.get(key);
  if (tail === undefined) {
    tail = { items: [], maxLength, expiresMs: undefined };
    all.set(key, tail);
  }
  tail.maxLength = maxLength;
  return tail;
}

function push(
  tail: Tail<string>,
  { timeMs }: Source,
  { value, ttlMs }: Extract<Operation, { op: "push" }>,
): void {
  tail.items.push(asText(value));
  if (ttlMs !== undefined) tail.expiresMs = Math.max(tail.expiresMs ?? 0, timeMs + ttlMs);
}
