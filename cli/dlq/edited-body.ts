import { type DescField, type Message, toJson } from "@bufbuild/protobuf";
import { jsonDecoder } from "../../lib/door/decode-json.ts";
import { faultOf, violationsOf } from "../../lib/door/rules.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });
const loose = new TextDecoder();

/** The text in which people edit a body: the pipeline's message as JSON where it can be read as one, else as it is. */
export function editableText(pipeline: AnyPipeline, body: Uint8Array): string {
  try {
    const message = pipeline.broker.decode(JSON.parse(utf8.decode(body)));
    return JSON.stringify(toJson(pipeline.message, message, plainly), undefined, 2);
  } catch {
    return prettyText(body);
  }
}

/** Every field, also those that are 0, under the names that the proto has for them. */
const plainly = { alwaysEmitImplicit: true, useProtoFieldName: true };

/**
 * The broker form of an edited text, which may be the pipeline's message as doors take it or a body as it stands on the
 * brokers.
 *
 * @throws Error naming what is wrong with it: neither form can be read, or the proto's rules are broken.
 */
export function bodyOf(pipeline: AnyPipeline, text: string): Uint8Array {
  const message = messageOf(pipeline, text);
  const faults = violationsOf(pipeline.message, message).map(faultOf);
  if (faults.length > 0) {
    throw new Error(faults.map((fault) => `${fault.field}: ${fault.message}`).join("; "));
  }
  return new TextEncoder().encode(JSON.stringify(pipeline.broker.encode(message)));
}

function messageOf(pipeline: AnyPipeline, text: string): Message {
  const decoded = jsonDecoder(pipeline.message)(Buffer.from(text));
  if (decoded.kind === "message") return decoded.message;
  try {
    return pipeline.broker.decode(JSON.parse(text));
  } catch (cause) {
    const asBroker = cause instanceof Error ? cause.message : String(cause);
    if (decoded.kind === "notJson") throw new Error(asBroker, { cause });
    const asMessage = decoded.faults.map(({ field, message }) => `${field} ${message}`).join("; ");
    const why = isForm(pipeline, text)
      ? asMessage
      : `${asBroker} (or, as a request's body: ${asMessage})`;
    throw new Error(why, { cause });
  }
}

/** Whether a JSON text has the fields of a request's body. */
function isForm({ message }: AnyPipeline, text: string): boolean {
  const json: unknown = JSON.parse(text);
  if (typeof json !== "object" || json === null) return false;
  return message.fields.every((field: DescField) => Object.hasOwn(json, field.name));
}

/**
 * A text with some of its JSON fields changed. A value is taken as JSON, or as text where the field holds one or nothing
 * else passes the rules.
 *
 * @throws Error where the text is no JSON object, or the result breaks the rules.
 */
export function withFields(
  pipeline: AnyPipeline,
  text: string,
  changes: readonly (readonly [string, string])[],
): Uint8Array {
  const fields = objectOf(text);
  const readings = [
    (name: string, value: string) => (typeof fields[name] === "string" ? value : jsonOr(value)),
    (_: string, value: string) => jsonOr(value),
    (_: string, value: string) => value,
  ];
  const bodies = readings.map((read) => () => {
    const changed = changes.map(([name, value]) => [name, read(name, value)] as const);
    return bodyOf(pipeline, JSON.stringify({ ...fields, ...Object.fromEntries(changed) }));
  });
  return firstThatWorks(bodies);
}

/** The result of the first that does not throw; what the first one throws where all do. */
function firstThatWorks<T>([first, ...others]: readonly (() => T)[]): T {
  if (first === undefined) throw new Error("Cannot choose among nothing");
  try {
    return first();
  } catch (error) {
    for (const other of others) {
      try {
        return other();
      } catch {
        // What is told is the first fault: that of the reading which fits the field.
      }
    }
    throw error;
  }
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === "object" && json !== null && !Array.isArray(json)) {
      return json as Readonly<Record<string, unknown>>;
    }
  } catch {
    // It is told below.
  }
  throw new Error("--set needs a body that is a JSON object: --body-file replaces it whole");
}

function jsonOr(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function prettyText(body: Uint8Array): string {
  const text = loose.decode(body);
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
