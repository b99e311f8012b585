import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";

/** Writes messages of `schema` as flat JSON: the proto's field names, enums by their names in lower case. */
export function jsonEncoder(schema: DescMessage): (message: Message) => string {
  return (message) => {
    const values = reflect(schema, message);
    return JSON.stringify(
      Object.fromEntries(
        schema.fields.map((field) => [field.name, jsonOf(field, values.get(field))]),
      ),
    );
  };
}

function jsonOf(field: DescField, value: unknown): unknown {
  if (field.fieldKind === "enum") {
    const named = field.enum.value[value as number];
    return named === undefined ? value : named.name.toLowerCase();
  }
  return typeof value === "bigint" ? Number(value) : value;
}
