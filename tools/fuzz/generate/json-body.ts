import fc from "fast-check";
import type { FieldForm } from "../model/field-form.ts";
import { goodLiteral, jsonString, nested, oddLiteral, typedValue } from "./literals.ts";
import { mutated } from "./mutate.ts";

/** A body, and what kind of one it is. */
export interface Body {
  readonly what: string;
  readonly bytes: Uint8Array;
}

type Members = readonly (readonly [name: string, literal: string])[];

/** What one event may take at a door, in bytes, and a little around it. */
const sizes = [65_535, 65_536, 65_537, 70_000, 200_000];
const depths = [10, 150, 1_000, 10_000, 32_000, 200_000];

const blanks = fc.constantFrom("", "", "", " ", "\n", "\r\n\t ");
const strangeNames = [
  "__proto__",
  "constructor",
  "toString",
  "",
  "wind",
  "id",
  "\u0000",
  "ｎａｍｅ",
];

/** Bodies for the doors of a message of these fields, from what is taken to what nobody can read. */
export function jsonBodies(forms: readonly FieldForm[]): fc.Arbitrary<Body> {
  const good = goodMembers(forms);
  const goodBytes = written(good);
  const of = (what: string, weight: number, arbitrary: fc.Arbitrary<Uint8Array>) => ({
    weight,
    arbitrary: arbitrary.map((bytes) => ({ what, bytes })),
  });
  return fc.oneof(
    of("valid", 30, goodBytes),
    of("typed", 10, written(typedMembers(forms))),
    of("one field odd", 18, written(withOdd(good))),
    of("shape", 14, written(reshaped(good))),
    of("mutated", 16, mutated(goodBytes)),
    of("other JSON", 4, fc.oneof(fc.json(), oddLiteral).map(bytesOf)),
    of("bytes", 4, fc.uint8Array({ maxLength: 300 })),
    of("text", 2, fc.string({ unit: "binary" }).map(bytesOf)),
    of("deep", 1, fc.tuple(good, fc.constantFrom(...depths), fc.nat({ max: 4 })).map(deep)),
    of("large", 1, fc.tuple(good, fc.constantFrom(...sizes), fc.nat({ max: 3 })).map(large)),
  );
}

/** Bodies of this message that every door should take. */
export function goodBodies(forms: readonly FieldForm[]): fc.Arbitrary<Uint8Array> {
  return written(goodMembers(forms));
}

function goodMembers(forms: readonly FieldForm[]): fc.Arbitrary<Members> {
  const members = forms.map((form) =>
    goodLiteral(form).map((literal) => [form.name, literal] as const),
  );
  return fc.tuple(...members).chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
}

/** Values of the right types, which may break the rules. */
function typedMembers(forms: readonly FieldForm[]): fc.Arbitrary<Members> {
  return fc.tuple(
    ...forms.map((form) =>
      typedValue(form).map((value) => [form.name, JSON.stringify(value)] as const),
    ),
  );
}

function withOdd(good: fc.Arbitrary<Members>): fc.Arbitrary<Members> {
  return fc
    .tuple(good, fc.nat(), oddLiteral)
    .map(([members, which, literal]) =>
      members.map((member, index) =>
        index === which % members.length ? ([member[0], literal] as const) : member,
      ),
    );
}

/** A member less, one more, one twice, one under another name. */
function reshaped(good: fc.Arbitrary<Members>): fc.Arbitrary<Members> {
  const name = fc.oneof(fc.constantFrom(...strangeNames), fc.string({ unit: "binary" }));
  return fc
    .tuple(good, fc.nat(), name, fc.nat({ max: 4 }), oddLiteral)
    .map(([members, which, strange, way, literal]): Members => {
      const index = which % members.length;
      const before = members.slice(0, index);
      const [chosen, ...after] = members.slice(index);
      if (chosen === undefined || way === 0) return [...before, ...after];
      if (way === 1) return [...before, chosen, [strange, literal], ...after];
      if (way === 2) return [...before, chosen, ...after, chosen];
      if (way === 3) return [...before, [strange, chosen[1]], ...after];
      return [...before, [chosen[0].toUpperCase(), chosen[1]], ...after];
    });
}

/** Members as text, in one of the ways that JSON can be written. */
function written(members: fc.Arbitrary<Members>): fc.Arbitrary<Uint8Array> {
  return fc.tuple(members, blanks, fc.nat({ max: 30 })).chain(([all, blank, way]) => {
    const names = all.map(([name]) =>
      way === 0 ? jsonString(fc.constant(name)) : fc.constant(JSON.stringify(name)),
    );
    return fc.tuple(...names).map((quoted) => {
      const texts = all.map(([, literal], index) => `${quoted[index]}${blank}:${blank}${literal}`);
      return bytesOf(`${blank}{${blank}${texts.join(`,${blank}`)}}${blank}`);
    });
  });
}

/** Nesting in a field, around the body, without an end, of objects. */
function deep([members, depth, way]: [Members, number, number]): Uint8Array {
  const [[name = ""] = []] = members;
  if (way === 0) return bytesOf(plainText([[name, nested(depth)], ...members.slice(1)]));
  if (way === 1) return bytesOf(nested(depth));
  if (way === 2) return bytesOf("[".repeat(depth));
  if (way === 3) return bytesOf(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);
  return bytesOf(`${"[".repeat(depth)}${plainText(members)}${"]".repeat(depth)}`);
}

/** As long as told: by blanks, which change nothing, by a long name, a long text, or many members. */
function large([members, size, way]: [Members, number, number]): Uint8Array {
  const body = plainText(members);
  const rest = Math.max(0, size - Buffer.byteLength(body));
  if (way === 0) return bytesOf(body + " ".repeat(rest));
  if (way === 1) return bytesOf(body.replace("}", `,"${"x".repeat(Math.max(0, rest - 5))}":1}`));
  if (way === 2) return bytesOf(`"${"é".repeat(Math.floor(size / 2))}"`);
  const many = Array.from({ length: Math.floor(rest / 8) }, (_, index) => `"${index}":0`);
  return bytesOf(`{${many.join(",")}}`);
}

function plainText(members: Members): string {
  return `{${members.map(([name, literal]) => `${JSON.stringify(name)}:${literal}`).join(",")}}`;
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}
