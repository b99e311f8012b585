import type { FieldForm } from "./field-form.ts";
import { type JsonValue, jsonText } from "./json-text.ts";

/**
 * What the contract says of a body: taken; no JSON (400); JSON with faults (422); or one that may be refused as either, for
 * it is too deep to be read at all.
 */
export type JsonVerdict = "taken" | "not-json" | "faults" | "refused";

/** Judges a body by the forms of the fields alone: one object of exactly these fields, each once and of its form. */
export function jsonVerdict(forms: readonly FieldForm[], body: Uint8Array): JsonVerdict {
  const value = jsonText(body);
  if (value === "none") return "not-json";
  if (value === "deep") return "refused";
  if (value.type !== "object") return "faults";
  const { members } = value;
  const names = new Set(members.map(([name]) => name));
  if (members.length !== forms.length || names.size !== forms.length) return "faults";
  const fits = forms.every((form) => {
    const member = members.find(([name]) => name === form.name);
    return member !== undefined && isOf(form, member[1]);
  });
  return fits ? "taken" : "faults";
}

function isOf(form: FieldForm, value: JsonValue): boolean {
  switch (form.kind) {
    case "whole":
      return value.type === "number" && isWithin(form, Number(value.text));
    case "word":
      return form.taken.has(wordOf(form, value));
    case "text":
      return value.type === "string"
        ? isTextOf(form, value.text)
        : value.type === "number" && Number.isFinite(Number(value.text));
  }
}

/** Whether a number is whole and within the bounds. */
export function isWithin(
  { min, max }: { readonly min: number; readonly max: number },
  value: number,
): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** Whether a text has as many characters as it may, none of them half of one. */
export function isTextOf(
  { charsMin, charsMax }: { readonly charsMin: number; readonly charsMax: number },
  text: string,
): boolean {
  const chars = [...text].length;
  return text.isWellFormed() && chars >= charsMin && chars <= charsMax;
}

/** In any case, with or without accents. */
function wordOf({ words }: Extract<FieldForm, { kind: "word" }>, value: JsonValue): number {
  if (value.type === "number") return Number(value.text);
  if (value.type !== "string") return Number.NaN;
  const bare = [...value.text.normalize("NFD")].filter((char) => !/^\p{M}$/u.test(char)).join("");
  return words.get(bare.toLowerCase()) ?? Number.NaN;
}
