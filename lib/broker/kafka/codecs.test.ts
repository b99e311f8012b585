import { describe, expect, test } from "bun:test";
import { lz4Decompress } from "./lz4.ts";
import { snappyDecompress } from "./snappy.ts";

describe("snappyDecompress()", () => {
  test("reads bare blocks: literals and copies near and far", () => {
    // 13 bytes: the literal "ab", eight bytes from two before, "c" as a literal, two bytes from three before.
    const bare = Buffer.of(13, 1 << 2, 97, 98, (4 << 2) | 1, 2, 0, 99, (1 << 2) | 2, 3, 0);
    expect(snappyDecompress(bare).toString()).toBe("ababababab" + "c" + "ab");
  });

  test("refuses a copy from before the start", () => {
    expect(() => snappyDecompress(Buffer.of(4, 0, 97, (2 << 2) | 2, 9, 0))).toThrow(RangeError);
  });
});

describe("lz4Decompress()", () => {
  const frame = (...blocks: number[]) =>
    Buffer.of(0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, ...blocks, 0, 0, 0, 0);

  test("reads stored and compressed blocks", () => {
    const stored = [2, 0, 0, 0x80, 104, 105];
    // One literal and a match of ten bytes one before the end, then a last literal.
    const compressed = [6, 0, 0, 0, 0x16, 97, 1, 0, 0x10, 98];
    expect(lz4Decompress(frame(...stored, ...compressed)).toString()).toBe(`hi${"a".repeat(11)}b`);
  });

  test("refuses what is cut, and what is no frame", () => {
    expect(() => lz4Decompress(frame(9, 0, 0, 0x80, 1))).toThrow(RangeError);
    expect(() => lz4Decompress(Buffer.from("no frame at all"))).toThrow("it is no LZ4 frame");
  });
});
