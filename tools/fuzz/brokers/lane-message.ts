import { create, type Message } from "@bufbuild/protobuf";
import fc from "fast-check";
import type { AnyPipeline } from "../../../lib/pipeline/pipeline.ts";
import { goodValue, nested, oddLiteral } from "../generate/literals.ts";
import { mutated } from "../generate/mutate.ts";
import { formsOf } from "../model/field-form.ts";

/** What must become of a message: counted once, set aside, or counted as a repeat of another. */
export type Outcome = "good" | "aside" | "repeat";

/** A message for a lane, with what must become of it. */
export interface LaneMessage {
  readonly what: string;
  readonly outcome: Outcome;
  /** What stands where an event's id stands: an id, or something that is none; undefined for nothing. */
  readonly id: string | undefined;
  readonly body: Uint8Array;
}

const noIds = [
  ...["", "x", "0", "null", "\u0000", "é".repeat(100), "00000000-0000-0000-0000-000000000000"],
  ...["7b2f0e3c-6d1a-4b6e-9c55-0d2b7c9f2a11", `${"a".repeat(5_000)}`],
];

/** Any time that an id can tell of, and some that none can mean. */
const timesMs = [0, 1, 1_000_000_000_000, 2 ** 48 - 1];

/** Messages of a pipeline, from its own form to bytes that nobody can read; `key` differs between lanes. */
export function laneMessages(
  pipeline: AnyPipeline,
  bytesMax: number,
): fc.Arbitrary<Omit<LaneMessage, "id"> & { readonly idKind: string }> {
  const forms = formsOf(pipeline.message);
  const message = fc
    .tuple(...forms.map((form) => goodValue(form)))
    .map((values) =>
      create(
        pipeline.message,
        Object.fromEntries(forms.map(({ name }, index) => [name, values[index]])),
      ),
    );
  const json = message.map((each: Message) => pipeline.broker.encode(each));
  const good = json.map((each) => bytesOf(JSON.stringify(each)));
  const idKind = fc.constantFrom("own", "own", "own", "none", "strange", "old");
  const of = (what: string, weight: number, bodies: fc.Arbitrary<Uint8Array>) => ({
    weight,
    arbitrary: fc
      .tuple(bodies, idKind)
      .map(([body, kind]) => ({ what, body, outcome: outcomeOf(pipeline, body), idKind: kind })),
  });
  return fc.oneof(
    of("good", 30, good),
    of("mutated", 25, mutated(good)),
    of("a member odd", 20, fc.tuple(json, oddLiteral, fc.nat()).map(withOdd)),
    of("a member less", 5, fc.tuple(json, fc.nat()).map(withLess)),
    of("other JSON", 8, fc.oneof(fc.json(), oddLiteral).map(bytesOf)),
    of("bytes", 8, fc.uint8Array({ maxLength: 500 })),
    of("empty", 1, fc.constant(new Uint8Array())),
    of(
      "deep",
      1,
      fc.constantFrom(100, 5_000, 50_000, 200_000).map((depth) => bytesOf(nested(depth))),
    ),
    // A lane of letters keeps 64 MiB, so that few of them may be of the largest.
    of(
      "large",
      1,
      fc.nat({ max: 60 }).map((size) => bytesOf(`"${"x".repeat(size === 0 ? bytesMax : 20_000)}"`)),
    ),
  );
}

/** The id of a kind; what stands in its place where it is none. */
export function idOf(kind: string, nonce: number): string | undefined {
  switch (kind) {
    case "none":
      return undefined;
    case "strange":
      return noIds[nonce % noIds.length];
    case "old":
      return Bun.randomUUIDv7("hex", timesMs[nonce % timesMs.length] ?? 0);
    default:
      return Bun.randomUUIDv7();
  }
}

/** What can be read is counted; the pipeline itself says what it reads. */
function outcomeOf(pipeline: AnyPipeline, body: Uint8Array): Outcome {
  try {
    pipeline.broker.decode(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)));
    return "good";
  } catch {
    return "aside";
  }
}

type Json = Readonly<Record<string, string | number>>;

function withOdd([json, literal, which]: [Json, string, number]): Uint8Array {
  const names = Object.keys(json);
  const chosen = names[which % names.length];
  const members = Object.entries(json).map(
    ([name, value]) =>
      `${JSON.stringify(name)}:${name === chosen ? literal : JSON.stringify(value)}`,
  );
  return bytesOf(`{${members.join(",")}}`);
}

function withLess([json, which]: [Json, number]): Uint8Array {
  const entries = Object.entries(json);
  return bytesOf(JSON.stringify(Object.fromEntries(entries.toSpliced(which % entries.length, 1))));
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}
