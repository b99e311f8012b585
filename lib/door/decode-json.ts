import { create, type DescMessage, type Message } from "@bufbuild/protobuf";
import { bounded, echo, type FieldFault } from "./field-fault.ts";
import { type FieldReader, fieldReader } from "./field-reader.ts";
import { type JsonObject, jsonObject } from "./json-object.ts";
import { faultOf, violationsOf } from "./rules.ts";

/** The message that a body stands for, or everything that is wrong with it. */
export type Decoded =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "notJson"; readonly reason: string }
  | { readonly kind: "faults"; readonly faults: readonly FieldFault[] };

/** Decodes the bytes of a request's body; whatever they are, it answers. */
export type JsonDecoder = (body: Uint8Array) => Decoded;

interface Member {
  readonly name: string;
  readonly localName: string;
  readonly reader: FieldReader;
}

/**
 * A strict decoder of JSON bodies, driven by the message's descriptor: the body is one flat object with exactly the
 * message's fields, each once and of its type, and the message keeps the rules in its proto. Every fault is named, those of
 * types and those of rules together.
 *
 * @throws Error for a message that flat JSON cannot carry, or whose rules cannot be evaluated.
 */
export function jsonDecoder(schema: DescMessage): JsonDecoder {
  const members = schema.fields.map((field) => ({
    name: field.name,
    localName: field.localName,
    reader: fieldReader(field),
  }));
  const names = new Set(members.map(({ name }) => name));
  // Rules that cannot be evaluated are found here, not by the first client.
  violationsOf(schema, create(schema));
  return (body) => {
    const json = jsonObject(body);
    switch (json.kind) {
      case "notJson":
        return json;
      case "notObject":
        return { kind: "faults", faults: [{ field: "", message: json.reason }] };
      case "object":
        return decodeObject(schema, members, names, json);
    }
  };
}

function decodeObject(
  schema: DescMessage,
  members: readonly Member[],
  names: ReadonlySet<string>,
  { fields, twice }: Extract<JsonObject, { kind: "object" }>,
): Decoded {
  const values: Record<string, unknown> = {};
  const faults: FieldFault[] = [];
  for (const { name, localName, reader } of members) {
    if (!Object.hasOwn(fields, name)) {
      faults.push({ field: name, message: `is missing: ${reader.expected}` });
      continue;
    }
    const value = reader.read(fields[name]);
    if (value === undefined) {
      faults.push({
        field: name,
        message: `${reader.expected}: current value is ${shown(fields[name])}`,
      });
    } else {
      values[localName] = value;
    }
  }
  const extra = Object.keys(fields).filter((name) => !names.has(name));
  for (const name of extra) faults.push({ field: echo(name), message: "is not a field" });
  for (const name of twice) faults.push({ field: echo(name), message: "stands more than once" });
  const message = create(schema, values);
  const all = withRules(schema, message, faults);
  return all.length === 0 ? { kind: "message", message } : { kind: "faults", faults: bounded(all) };
}

/** Adds the broken rules of the fields whose values could be read; rules about several fields need all of them. */
function withRules(
  schema: DescMessage,
  message: Message,
  faults: readonly FieldFault[],
): readonly FieldFault[] {
  const violations = violationsOf(schema, message);
  if (violations.length === 0) return faults;
  const faulty = new Set(faults.map(({ field }) => field));
  const broken = violations
    .map(faultOf)
    .filter(({ field }) => (field === "" ? faults.length === 0 : !faulty.has(field)));
  return [...faults, ...broken];
}

function shown(value: unknown): string {
  if (typeof value === "string") return `"${echo(value)}"`;
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
