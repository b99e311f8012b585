import type { State } from "../../../state.ts";

/** The fields of a hash, or the fields of an entry. */
export type Fields = Readonly<Record<string, string>>;

/** The hash at a key; empty where there is none. */
export function hashAt(state: State, key: string): Fields {
  const value = state[key];
  return isFields(value) ? value : {};
}

/** The entries of the stream at a key, newest first; a hash is one entry, and where nothing is there is none. */
export function entriesAt(state: State, key: string): readonly Fields[] {
  const value: unknown = state[key];
  if (Array.isArray(value)) return value.filter(isFields);
  return isFields(value) ? [value] : [];
}

/** The number that a text stands for, if it does for one. */
export function numberOf(text: unknown): number | undefined {
  if (typeof text !== "string" || text.trim() === "") return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
