import { expect, test } from "bun:test";
import { message } from "../testing/messages.ts";
import { murmur2, partitionOf } from "./partition-of.ts";

// From org.apache.kafka.common.utils.UtilsTest.
test.each([
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
])("murmur2(%p) is what Kafka's own clients make of it", (text, hash) => {
  expect(murmur2(Buffer.from(text))).toBe(hash);
});

test("partitionOf() follows the key, and without one the id", () => {
  const first = message({ key: "chinautla" });
  expect(partitionOf(message({ key: "chinautla" }), 7)).toBe(partitionOf(first, 7));
  const keyless = message();
  expect(partitionOf({ ...keyless, body: new Uint8Array(9) }, 7)).toBe(partitionOf(keyless, 7));
  const used = new Set(Array.from({ length: 200 }, () => partitionOf(message(), 3)));
  expect(used).toEqual(new Set([0, 1, 2]));
});
