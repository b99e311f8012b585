import fc from "fast-check";
import type { FieldForm } from "../model/field-form.ts";
import { tag, varint, wireField, wireTypes } from "../model/wire.ts";
import type { Body } from "./json-body.ts";
import { goodValue, typedValue } from "./literals.ts";
import { mutated } from "./mutate.ts";

const strangeNumbers = [5, 15, 16, 1_000, 19_000, 2 ** 29 - 1];

/** The bytes of messages of these fields, from what is taken to what nobody can read. */
export function wireBodies(forms: readonly FieldForm[]): fc.Arbitrary<Body> {
  const good = fields(forms, goodValue);
  const goodBytes = good.map((all) => Buffer.concat(all) as Uint8Array);
  const of = (what: string, weight: number, arbitrary: fc.Arbitrary<Uint8Array>) => ({
    weight,
    arbitrary: arbitrary.map((bytes) => ({ what, bytes })),
  });
  return fc.oneof(
    of("valid", 30, goodBytes),
    of(
      "typed",
      20,
      fields(forms, typedValue).map((all) => Buffer.concat(all)),
    ),
    of("shape", 20, fc.tuple(good, extra(forms), fc.nat()).map(reshaped)),
    of("mutated", 20, mutated(goodBytes)),
    of("bytes", 8, fc.uint8Array({ maxLength: 200 })),
    of("large", 1, fc.tuple(goodBytes, fc.constantFrom(65_000, 65_536, 70_000)).map(large)),
    of("empty", 1, fc.constant(new Uint8Array())),
  );
}

/** The bytes of messages that every door should take. */
export function goodWireBodies(forms: readonly FieldForm[]): fc.Arbitrary<Uint8Array> {
  return fields(forms, goodValue).map((all) => Buffer.concat(all));
}

/** Each field's bytes, in any order. */
function fields(
  forms: readonly FieldForm[],
  value: (form: FieldForm) => fc.Arbitrary<number | string>,
): fc.Arbitrary<readonly Uint8Array[]> {
  const all = forms.map((form) => value(form).map((each) => wireField(form.number, each)));
  return fc.tuple(...all).chain((each) => fc.shuffledSubarray(each, { minLength: each.length }));
}

/** A field more: unknown, again, of another wire type, with a varint that is too long or wraps, a group, bad text. */
function extra(forms: readonly FieldForm[]): fc.Arbitrary<Uint8Array> {
  const known = fc.constantFrom(...forms);
  const number = fc.oneof(
    known.map((form) => form.number),
    fc.constantFrom(...strangeNumbers),
  );
  const bytes = fc.uint8Array({ maxLength: 12 });
  return fc.oneof(
    known.chain((form) => typedValue(form).map((value) => wireField(form.number, value))),
    fc
      .tuple(number, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), fc.nat({ max: 9 }))
      .map(([field, value, longer]) =>
        Buffer.concat([tag(field, wireTypes.varint), varint(value, longer)]),
      ),
    fc
      .tuple(number, bytes, fc.integer({ min: -2, max: 3 }))
      .map(([field, text, lie]) =>
        Buffer.concat([tag(field, wireTypes.len), varint(Math.max(0, text.length + lie)), text]),
      ),
    fc
      .tuple(number, fc.nat({ max: 7 }), bytes)
      .map(([field, type, rest]) => Buffer.concat([tag(field, type), rest])),
    fc
      .tuple(number, bytes, fc.nat({ max: 150 }))
      .map(([field, inner, depth]) =>
        Buffer.concat([
          ...Array.from({ length: depth }, () => tag(field, wireTypes.startGroup)),
          inner,
          ...Array.from({ length: depth }, () => tag(field, wireTypes.endGroup)),
        ]),
      ),
  );
}

function reshaped([all, more, which]: [readonly Uint8Array[], Uint8Array, number]): Uint8Array {
  const index = which % (all.length + 1);
  const isInstead = which % 3 === 0;
  return Buffer.concat([...all.slice(0, index), more, ...all.slice(isInstead ? index + 1 : index)]);
}

/** A message as long as told, by an unknown field. */
function large([bytes, size]: [Uint8Array, number]): Uint8Array {
  const length = Math.max(0, size - bytes.length - 6);
  return Buffer.concat([bytes, tag(1_000, wireTypes.len), varint(length), Buffer.alloc(length)]);
}
