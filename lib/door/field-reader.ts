import { type DescEnum, type DescField, ScalarType } from "@bufbuild/protobuf";
import { plain } from "../pipeline/slug.ts";

/** Reads one field's JSON value strictly. */
export interface FieldReader {
  /** What the value must be, for people. */
  readonly expected: string;
  /** The value as protobuf-es keeps it, or undefined where it is not what is expected. */
  read(value: unknown): unknown;
}

/**
 * How a field of this kind is read. A string field takes finite numbers too, as text; nothing else is converted. An
 * enum field takes names, in any case, with or without accents, and numbers; which numbers are allowed, and the ranges
 * of other numbers, are the proto's rules.
 *
 * @throws Error for a field that a flat JSON object cannot carry (lists, maps, messages, bytes).
 */
export function fieldReader(field: DescField): FieldReader {
  if (field.fieldKind === "enum") return enumReader(field.enum);
  const reader = field.fieldKind === "scalar" ? scalarReaders[field.scalar] : undefined;
  if (reader === undefined) {
    throw new Error(
      `Cannot read ${field.toString()} from JSON: only numbers, strings, booleans and enums are: current value is ${field.fieldKind}`,
    );
  }
  return reader;
}

/** What an enum field must be, for people. */
export function expectedOf(type: DescEnum): string {
  const known = type.values.filter(({ number }) => number !== 0);
  const names = known.map(({ name }) => name).join(", ");
  return `must be one of ${names}, or its number (${known.map(({ number }) => number).join(", ")})`;
}

function enumReader(type: DescEnum): FieldReader {
  const numbers = new Map(type.values.map(({ name, number }) => [plain(name), number]));
  return {
    expected: expectedOf(type),
    read: (value) => (typeof value === "string" ? numbers.get(plain(value)) : int32.read(value)),
  };
}

const int32 = whole(-(2 ** 31), 2 ** 31 - 1);
const uint32 = whole(0, 2 ** 32 - 1);
const int64 = long(-Number.MAX_SAFE_INTEGER);
const uint64 = long(0);
const finite: FieldReader = { expected: "must be a number", read: finiteNumber };

const scalarReaders: Readonly<Partial<Record<ScalarType, FieldReader>>> = {
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
  [ScalarType.DOUBLE]: finite,
  [ScalarType.FLOAT]: finite,
  [ScalarType.BOOL]: {
    expected: "must be true or false",
    read: (value) => (typeof value === "boolean" ? value : undefined),
  },
  [ScalarType.STRING]: {
    expected: "must be a string, or a number to be taken as one",
    // A lone surrogate has no UTF-8 form; gRPC refuses it as well.
    read: (value) =>
      typeof value === "string" ? wellFormed(value) : finiteNumber(value)?.toString(),
  },
};

function whole(min: number, max: number): FieldReader {
  return {
    expected: `must be a whole number from ${min} to ${max}`,
    read: (value) =>
      // Adding 0 makes 0 of -0, which protobuf would carry as a value of its own.
      Number.isInteger(value) && Number(value) >= min && Number(value) <= max
        ? Number(value) + 0
        : undefined,
  };
}

/** 64-bit fields, as far as a JSON number is exact. */
function long(min: number): FieldReader {
  const inner = whole(min, Number.MAX_SAFE_INTEGER);
  return {
    expected: inner.expected,
    read: (value) => {
      const number = inner.read(value);
      return number === undefined ? undefined : BigInt(number as number);
    },
  };
}

function wellFormed(text: string): string | undefined {
  return text.isWellFormed() ? text : undefined;
}

function finiteNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value + 0 : undefined;
}
