import type { JsonSchema } from "../json-schema.ts";

/** What a value has that its schema does not allow, as paths with reasons; of JSON Schema as much as the board's API says. */
export function schemaFaults(
  value: unknown,
  schema: JsonSchema,
  named: Readonly<Record<string, JsonSchema>>,
  path = "$",
): readonly string[] {
  const inner = (each: unknown, of: unknown, at: string) =>
    schemaFaults(each, of as JsonSchema, named, `${path}${at}`);
  if (typeof schema.$ref === "string") {
    return inner(value, named[schema.$ref.split("/").at(-1) ?? ""] ?? {}, "");
  }
  if (Array.isArray(schema.anyOf)) {
    const faults = schema.anyOf.map((each) => inner(value, each, ""));
    return faults.some(({ length }) => length === 0) ? [] : faults.flat();
  }
  if (!isOfType(value, schema.type)) return [`${path} is no ${String(schema.type)}`];
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) {
    return [`${path} is none of ${schema.enum.join(", ")}`];
  }
  if (typeof schema.minimum === "number" && Number(value) < schema.minimum) {
    return [`${path} is below ${schema.minimum}`];
  }
  if (schema.type === "array" && Array.isArray(value)) {
    return value.flatMap((each, index) => inner(each, schema.items, `[${index}]`));
  }
  return isObject(value) ? objectFaults(value, schema, inner, path) : [];
}

function objectFaults(
  value: object,
  schema: JsonSchema,
  inner: (each: unknown, of: unknown, at: string) => readonly string[],
  path: string,
): readonly string[] {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = (schema.required ?? []) as readonly string[];
  const missing = required.filter((name) => !(name in value));
  const faults = Object.entries(value).flatMap(([name, each]) => {
    const of = properties[name] ?? schema.additionalProperties;
    if (of === undefined) return [`${path}.${name} is not described`];
    return of === true ? [] : inner(each, of, `.${name}`);
  });
  return [...missing.map((name) => `${path}.${name} is missing`), ...faults];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOfType(value: unknown, types: unknown): boolean {
  const is = (type: unknown) => {
    if (type === "null") return value === null;
    if (type === "array") return Array.isArray(value);
    if (type === "integer") return Number.isInteger(value);
    if (type === "object") return isObject(value);
    return typeof value === type;
  };
  if (types === undefined) return true;
  return Array.isArray(types) ? types.some(is) : is(types);
}
