import { isUtf8 } from "node:buffer";
import type { FieldForm } from "./field-form.ts";
import { isTextOf, isWithin } from "./json-verdict.ts";

/** The wire types of protobuf (https://protobuf.dev/programming-guides/encoding). */
export const wireTypes = { varint: 0, i64: 1, len: 2, startGroup: 3, endGroup: 4, i32: 5 } as const;

/** What the contract says of a message's bytes; `either` where protobuf leaves it to the implementation. */
export type WireVerdict = "taken" | "refused" | "either";

/** A base-128 varint of a number's 64 bits, with so many needless bytes behind it. */
export function varint(value: number | bigint, longer = 0): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn));
    rest >>= 7n;
  } while (rest > 0n);
  for (let more = 0; more < longer; more += 1) bytes.push(0);
  return Uint8Array.from(bytes, (byte, index) => (index < bytes.length - 1 ? byte | 0x80 : byte));
}

/** A field's tag. */
export function tag(number: number, type: number): Uint8Array {
  return varint(number * 8 + type);
}

/** One field as it stands on the wire. */
export function wireField(number: number, value: number | string): Uint8Array {
  if (typeof value === "number") {
    return Buffer.concat([tag(number, wireTypes.varint), varint(value)]);
  }
  const bytes = Buffer.from(value);
  return Buffer.concat([tag(number, wireTypes.len), varint(bytes.length), bytes]);
}

/** Judges a message's bytes by the forms of its fields, with a decoder of its own. */
export function wireVerdict(forms: readonly FieldForm[], bytes: Uint8Array): WireVerdict {
  const values = new Map<number, number | string>();
  const reader = createReader(bytes);
  let isEither = false;
  while (!reader.isAtEnd()) {
    const read = fieldOf(forms, reader);
    if (read === "malformed") return isEither ? "either" : "refused";
    if (read === "either") return "either";
    if (read === "loose") isEither = true;
    else if (read !== "unknown") values.set(read.number, read.value);
  }
  if (isEither) return "either";
  return forms.every((form) => fits(form, values.get(form.number))) ? "taken" : "refused";
}

/** Whether a value is of its field's form; a missing one is the type's own default. */
export function fits(form: FieldForm, value: number | string | undefined): boolean {
  switch (form.kind) {
    case "whole":
      return isWithin(form, Number(value ?? 0));
    case "word":
      return form.taken.has(Number(value ?? 0));
    case "text":
      return isTextOf(form, String(value ?? ""));
  }
}

type Reader = ReturnType<typeof createReader>;
type ReadField =
  | { readonly number: number; readonly value: number | string }
  | "unknown"
  | "malformed"
  | "either"
  | "loose";

function fieldOf(forms: readonly FieldForm[], reader: Reader): ReadField {
  const head = reader.varint();
  if (head === undefined) return "malformed";
  // How long a tag may be, and what its upper bits mean, is read differently.
  if (head.bytes > 5 || head.value > 0xffff_ffffn) return "either";
  const number = Number(head.value >> 3n);
  const type = Number(head.value & 7n);
  if (number === 0 || type > wireTypes.i32) return "malformed";
  if (type === wireTypes.startGroup || type === wireTypes.endGroup) return "either";
  const form = forms.find((each) => each.number === number);
  if (form === undefined) return reader.skip(type);
  // A known field of another type is an unknown one to some, and misread by others.
  if (type !== (form.kind === "text" ? wireTypes.len : wireTypes.varint)) return "either";
  return form.kind === "text" ? textOf(number, reader) : numberOf(number, reader);
}

function textOf(number: number, reader: Reader): ReadField {
  const bytes = reader.bytes();
  if (bytes === undefined || !isUtf8(bytes)) return "malformed";
  return { number, value: Buffer.from(bytes).toString("utf8") };
}

function numberOf(number: number, reader: Reader): ReadField {
  const value = reader.varint();
  if (value === undefined) return "malformed";
  if (value.value > 0xffff_ffff_ffff_ffffn) return "loose";
  return { number, value: Number(BigInt.asIntN(32, value.value)) };
}

function createReader(bytes: Uint8Array) {
  let at = 0;

  function take(count: number): Uint8Array | undefined {
    if (at + count > bytes.length) return undefined;
    at += count;
    return bytes.subarray(at - count, at);
  }

  function readVarint(): { readonly value: bigint; readonly bytes: number } | undefined {
    let value = 0n;
    for (let length = 1; length <= 10; length += 1) {
      const byte = take(1)?.[0];
      if (byte === undefined) return undefined;
      value |= BigInt(byte & 0x7f) << BigInt(7 * (length - 1));
      if (byte < 0x80) return { value, bytes: length };
    }
    return undefined;
  }

  function readBytes(): Uint8Array | undefined {
    const length = readVarint();
    if (length === undefined || length.value > BigInt(bytes.length)) return undefined;
    return take(Number(length.value));
  }

  return {
    isAtEnd: () => at >= bytes.length,
    varint: readVarint,
    bytes: readBytes,
    skip: (type: number): "unknown" | "malformed" | "either" => {
      // What nobody reads may be longer than it should.
      if (type === wireTypes.varint) return readVarint() === undefined ? "either" : "unknown";
      const read = type === wireTypes.len ? readBytes() : take(type === wireTypes.i64 ? 8 : 4);
      return read === undefined ? "malformed" : "unknown";
    },
  };
}
