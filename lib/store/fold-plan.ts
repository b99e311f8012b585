import type { Scalar } from "../pipeline/operation.ts";

/** What a batch does to one field of a hash: `value` is the sum of all, the least or the greatest. */
export interface FieldChange {
  readonly kind: "add" | "min" | "max";
  value: number;
}

/** The fields of a record. */
export type RecordFields = Readonly<Record<string, Scalar>>;

/** The newest event's fields or value for a key. */
export interface Newest<T> {
  /** The event's index in the batch, and its id. */
  readonly event: number;
  readonly id: string;
  readonly content: T;
  /** Milliseconds since the Unix epoch; undefined: for ever. */
  readonly expiresMs: number | undefined;
}

/** One entry of a stream, with its event's time. */
export interface Entry {
  readonly timeMs: number;
  readonly fields: RecordFields;
}

/** Entries for the end of a stream or a list, whose newest `maxLength` stay. */
export interface Tail<T> {
  readonly items: T[];
  maxLength: number;
  /** The latest time that a list's values live to; undefined where none of them is limited. */
  expiresMs: number | undefined;
}

/** What keys are to the store. */
export type KeyType = "string" | "hash" | "stream" | "list";

/**
 * A key, or one field of a hash, that events cannot change: it holds another type, no whole number, or would leave
 * ±2^53; its stream has no ids left; the batch itself uses it in two ways; or it is the store's own.
 */
export interface BadSlot {
  readonly key: string;
  readonly field: string | undefined;
  readonly why: "type" | "number" | "overflow" | "ids" | "clash" | "reserved";
  /** What stands there. */
  readonly found: string;
}

/** An operation that no store could run. */
export interface BadOperation {
  /** The event's index in the batch. */
  readonly event: number;
  readonly why: string;
}

/**
 * A batch folded into what it changes, each key once. Drivers check all of it against what they hold, then write all
 * of it: counters, hashes, streams, lists, values, records, in this order.
 */
export interface FoldPlan {
  readonly counters: Map<string, number>;
  readonly hashes: Map<string, Map<string, FieldChange>>;
  readonly streams: Map<string, Tail<Entry>>;
  readonly lists: Map<string, Tail<string>>;
  readonly values: Map<string, Newest<string>>;
  /** Where events set different fields, all that the newest does not cover, oldest first. */
  readonly records: Map<string, Newest<RecordFields>[]>;
  /** What cannot be written whatever the store holds. */
  readonly badSlots: BadSlot[];
  readonly badOperations: BadOperation[];
}

/** The store's own keys begin with this; no operation may. */
export const reservedPrefix = "tp:";

/** Field and value by turns, as text: what stores hold is text. */
export function flatText(fields: RecordFields): string[] {
  const flat: string[] = [];
  for (const [field, value] of Object.entries(fields)) flat.push(wellFormed(field), asText(value));
  return flat;
}

/** The record of which `flatText` is the flat form. */
export function fromFlat(flat: readonly string[]): Record<string, string> {
  const entries: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) entries.push([flat[i] ?? "", flat[i + 1] ?? ""]);
  return Object.fromEntries(entries);
}

/** A scalar as stores hold it; zero has no sign. */
export function asText(value: Scalar): string {
  return typeof value === "string" ? wellFormed(value) : String(value + 0);
}

/** Half a character (a lone surrogate) has no UTF-8 form, so it is replaced before drivers can do so differently. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}
