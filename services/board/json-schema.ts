/** A JSON Schema as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Any text. */
export const text: JsonSchema = { type: "string" };
/** A time in ISO 8601. */
export const time: JsonSchema = { type: "string", format: "date-time" };
/** A whole number that is not negative. */
export const count: JsonSchema = { type: "integer", minimum: 0 };
/** True or false. */
export const flag: JsonSchema = { type: "boolean" };

/** One of some words. */
export const oneOf = (...words: readonly string[]): JsonSchema => ({ type: "string", enum: words });

/** A list. */
export const listOf = (items: JsonSchema, more: JsonSchema = {}): JsonSchema => ({
  type: "array",
  items,
  ...more,
});

/** An object whose keys are not known beforehand. */
export const mapOf = (values: JsonSchema): JsonSchema => ({
  type: "object",
  additionalProperties: values,
});

/** An object with these properties, all of them there but the ones named in `maybe`. */
export const object = (
  properties: Readonly<Record<string, JsonSchema>>,
  maybe: readonly string[] = [],
): JsonSchema => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !maybe.includes(name)),
});

/** This, or null. */
export const orNull = (schema: JsonSchema): JsonSchema => anyOf(schema, { type: "null" });

/** One of several. */
export const anyOf = (...schemas: readonly JsonSchema[]): JsonSchema => ({ anyOf: schemas });

/** A schema with what people should know of it. */
export const told = (description: string, schema: JsonSchema): JsonSchema => ({
  ...schema,
  description,
});
