import { type DescField, type DescMessage, getOption } from "@bufbuild/protobuf";
import { field as fieldRules } from "../../gen/buf/validate/validate_pb.ts";
import { anyOf, type JsonSchema, object, told } from "./json-schema.ts";

/** A message as JSON Schema: what the doors take of each field, by its rules in the proto. */
export function eventSchema({ fields }: DescMessage): JsonSchema {
  const properties = fields.map((field) => [field.name, fieldSchema(field)] as const);
  return { ...object(Object.fromEntries(properties)), additionalProperties: false };
}

/**
 * One field's schema.
 *
 * @throws Error for rules that it cannot tell: a description must not promise less or more.
 */
function fieldSchema(field: DescField): JsonSchema {
  const { type } = getOption(field, fieldRules);
  if (field.fieldKind === "enum" && type.case === "enum") {
    const { notIn } = type.value;
    const taken = field.enum.values.filter(({ number }) => !notIn.includes(number));
    return told(
      "A name, in any case, with or without accents, or its number.",
      anyOf(
        { type: "string", enum: taken.map(({ name }) => name) },
        { type: "integer", enum: taken.map(({ number }) => number) },
      ),
    );
  }
  if (type.case === "int32") {
    const { greaterThan, lessThan } = type.value;
    if (greaterThan.case === "gte" && lessThan.case === "lte") {
      return { type: "integer", minimum: greaterThan.value, maximum: lessThan.value };
    }
  }
  if (type.case === "string") {
    const { minLen, maxLen } = type.value;
    const text = { type: "string", minLength: Number(minLen), maxLength: Number(maxLen) };
    return told("A number is taken as its text.", anyOf(text, { type: "number" }));
  }
  throw new Error(`Cannot describe ${field.toString()}: current rules are ${type.case}`);
}
