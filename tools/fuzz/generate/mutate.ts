import fc from "fast-check";

/** Changes bytes in one way; what comes out may be anything. */
type Mutation = (bytes: Uint8Array) => Uint8Array;

const bom = Buffer.of(0xef, 0xbb, 0xbf);

/** Bytes that are no UTF-8: a lone continuation, an overlong form, half a surrogate pair, beyond Unicode, cut short. */
const noUtf8 = ["80", "c0af", "eda080", "f5808080", "e282", "ff", "fe", "c1bf"].map((hex) =>
  Buffer.from(hex, "hex"),
);

const at = (bytes: Uint8Array, part: number) => Math.floor(bytes.length * part);

function spliced(bytes: Uint8Array, from: number, count: number, put: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + count)]);
}

const part = fc.double({ min: 0, max: 1, noNaN: true });
const few = fc.uint8Array({ maxLength: 8 });

const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  part.map(
    (where): Mutation =>
      (bytes) =>
        bytes.subarray(0, at(bytes, where)),
  ),
  part.map(
    (where): Mutation =>
      (bytes) =>
        bytes.subarray(at(bytes, where)),
  ),
  fc.tuple(part, fc.nat({ max: 7 })).map(
    ([where, bit]): Mutation =>
      (bytes) => {
        const copy = Buffer.from(bytes);
        const index = at(bytes, where);
        if (index < copy.length) copy[index] = (copy[index] ?? 0) ^ (1 << bit);
        return copy;
      },
  ),
  fc.tuple(part, few).map(
    ([where, put]): Mutation =>
      (bytes) =>
        spliced(bytes, at(bytes, where), 0, put),
  ),
  fc.tuple(part, fc.nat({ max: 5 }), few).map(
    ([where, count, put]): Mutation =>
      (bytes) =>
        spliced(bytes, at(bytes, where), count, put),
  ),
  fc.tuple(part, fc.constantFrom(...noUtf8)).map(
    ([where, put]): Mutation =>
      (bytes) =>
        spliced(bytes, at(bytes, where), 0, put),
  ),
  fc.tuple(part, part).map(
    ([from, to]): Mutation =>
      (bytes) =>
        Buffer.concat([bytes, bytes.subarray(Math.min(at(bytes, from), at(bytes, to)))]),
  ),
  fc.constant<Mutation>((bytes) => Buffer.concat([bom, bytes])),
  fc.constant<Mutation>((bytes) => Buffer.concat([bytes, bytes])),
  fc.constant<Mutation>((bytes) => Buffer.from(Buffer.from(bytes).toString("utf8"), "utf16le")),
  fc.constant<Mutation>((bytes) => Bun.gzipSync(Buffer.from(bytes))),
);

/** Bytes of `source` after one to three changes. */
export function mutated(source: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(source, fc.array(mutations, { minLength: 1, maxLength: 3 }))
    .map(([bytes, all]) => all.reduce((current, mutate) => mutate(current), bytes));
}
