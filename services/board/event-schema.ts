import {
  type DescEnum,
  type DescField,
  type DescMessage,
  getOption,
  ScalarType,
} from "@bufbuild/protobuf";
import { type FieldRules, field as fieldRules } from "../../gen/buf/validate/validate_pb.ts";
import { anyOf, flag, type JsonSchema, object, told } from "./json-schema.ts";

/**
 * A message as JSON Schema: what the doors take of each field, by its kind and the commonest rules of the proto. Rules of other
 * sorts, which the doors hold a field against all the same, are not told.
 */
export function eventSchema({ fields }: DescMessage): JsonSchema {
  const properties = fields.map((field) => [field.name, fieldSchema(field)] as const);
  return { ...object(Object.fromEntries(properties)), additionalProperties: false };
}

function fieldSchema(field: DescField): JsonSchema {
  const { type } = getOption(field, fieldRules);
  if (field.fieldKind === "enum") return enumSchema(field.enum, type);
  if (field.fieldKind !== "scalar") return {};
  if (field.scalar === ScalarType.BOOL) return flag;
  if (field.scalar === ScalarType.STRING) return textSchema(type);
  const kind = fractions.includes(field.scalar) ? "number" : "integer";
  return { type: kind, ...widest[field.scalar], ...boundsOf(type) };
}

type Rules = FieldRules["type"];

function enumSchema({ values }: DescEnum, rules: Rules): JsonSchema {
  const without = rules.case === "enum" ? rules.value.notIn : [];
  const taken = values.filter(({ number }) => !without.includes(number));
  return told(
    "A name, in any case, with or without accents, or its number.",
    anyOf(
      { type: "string", enum: taken.map(({ name }) => name) },
      { type: "integer", enum: taken.map(({ number }) => number) },
    ),
  );
}

function textSchema(rules: Rules): JsonSchema {
  // A bound that is not set is 0; no length is below that, and none at most that is a rule that nobody writes.
  const { minLen = 0n, maxLen = 0n } = rules.case === "string" ? rules.value : {};
  const text = {
    type: "string",
    ...(minLen > 0n && { minLength: Number(minLen) }),
    ...(maxLen > 0n && { maxLength: Number(maxLen) }),
  };
  return told("A number is taken as its text.", anyOf(text, { type: "number" }));
}

const fractions: readonly ScalarType[] = [ScalarType.DOUBLE, ScalarType.FLOAT];
const int32 = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
const uint32 = { minimum: 0, maximum: 2 ** 32 - 1 };
const int64 = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
const uint64 = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

/** What a door can read of whole numbers; of 64 bits, as far as a JSON number is exact. */
const widest: Readonly<Partial<Record<ScalarType, JsonSchema>>> = {
  [ScalarType.INT32]: int32,
  [ScalarType.SINT32]: int32,
  [ScalarType.SFIXED32]: int32,
  [ScalarType.UINT32]: uint32,
  [ScalarType.FIXED32]: uint32,
  [ScalarType.INT64]: int64,
  [ScalarType.SINT64]: int64,
  [ScalarType.SFIXED64]: int64,
  [ScalarType.UINT64]: uint64,
  [ScalarType.FIXED64]: uint64,
};

/** The bounds of a number's rules. Where the least is above the most, the proto means what is outside of both: not told. */
function boundsOf(rules: Rules): JsonSchema {
  const { value } = rules;
  if (value === undefined || !("greaterThan" in value)) return {};
  const { greaterThan: least, lessThan: most } = value;
  const [low, high] = [Number(least.value), Number(most.value)];
  if (least.value !== undefined && most.value !== undefined && low > high) return {};
  return {
    ...(least.case === "gte" && { minimum: low }),
    ...(least.case === "gt" && { exclusiveMinimum: low }),
    ...(most.case === "lte" && { maximum: high }),
    ...(most.case === "lt" && { exclusiveMaximum: high }),
  };
}
