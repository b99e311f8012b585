import { type DescField, type DescMessage, getOption, ScalarType } from "@bufbuild/protobuf";
import { type FieldRules, field as fieldRules } from "../../../gen/buf/validate/validate_pb.ts";

/** A whole number within bounds. */
export interface WholeForm {
  readonly kind: "whole";
  readonly name: string;
  readonly number: number;
  readonly min: number;
  readonly max: number;
}

/** One of some words, each with a number that means the same. */
export interface WordForm {
  readonly kind: "word";
  readonly name: string;
  readonly number: number;
  /** Every word that the proto knows, refused ones too. */
  readonly words: ReadonlyMap<string, number>;
  /** The numbers that are taken. */
  readonly taken: ReadonlySet<number>;
}

/** A text of so many characters. */
export interface TextForm {
  readonly kind: "text";
  readonly name: string;
  readonly number: number;
  readonly charsMin: number;
  readonly charsMax: number;
}

/** What a field of an event may be, read off its proto by code of our own: neither the doors' readers nor protovalidate. */
export type FieldForm = WholeForm | WordForm | TextForm;

/**
 * The forms of a message's fields.
 *
 * @throws Error for a field or rule that this does not know: a verdict must not be a guess.
 */
export function formsOf(schema: DescMessage): readonly FieldForm[] {
  return schema.fields.map(formOf);
}

function formOf(field: DescField): FieldForm {
  const { name, number } = field;
  const { type } = getOption(field, fieldRules);
  if (field.fieldKind === "enum" && type.case === "enum") {
    const { definedOnly, notIn } = type.value;
    const words = new Map(field.enum.values.map((each) => [each.name, each.number]));
    if (!definedOnly) throw unknown(field, "an open enum");
    const taken = new Set([...words.values()].filter((each) => !notIn.includes(each)));
    return { kind: "word", name, number, words, taken };
  }
  if (field.fieldKind !== "scalar") throw unknown(field, field.fieldKind);
  if (field.scalar === ScalarType.INT32 && type.case === "int32") {
    return { kind: "whole", name, number, ...boundsOf(field, type) };
  }
  if (field.scalar === ScalarType.STRING && type.case === "string") {
    const { minLen, maxLen } = type.value;
    return { kind: "text", name, number, charsMin: Number(minLen), charsMax: Number(maxLen) };
  }
  throw unknown(field, `rules of ${type.case}`);
}

function boundsOf(field: DescField, type: Extract<FieldRules["type"], { case: "int32" }>) {
  const { greaterThan, lessThan } = type.value;
  if (greaterThan.case !== "gte" || lessThan.case !== "lte") throw unknown(field, "open bounds");
  return { min: greaterThan.value, max: lessThan.value };
}

function unknown(field: DescField, found: string): Error {
  return new Error(`Cannot tell what ${field.toString()} may be: current form is ${found}`);
}
