import { expect, test } from "bun:test";
import { digestOf } from "./api-key.ts";
import { type KeyRing, keyRing } from "./key-ring.ts";
import { parseKeysFile } from "./keys-file.ts";
import { testKey } from "./testing/keys.ts";

/** A ring of these lines whose clock stands still. */
function ringOf(lines: readonly string[], before?: KeyRing): KeyRing {
  const { keys } = parseKeysFile(lines.join("\n"));
  return keyRing(keys, { clientRate: 0, clock: () => 0, before });
}

test("a client whose rate stays keeps what it has spent, with a key more or less; another rate is a new one", () => {
  const [first, second] = [testKey("web", "rate=5"), testKey("web")];
  const take = (ring: KeyRing, { key }: { readonly key: string }) =>
    ring.find(digestOf(key))?.bucket?.take();
  let ring = ringOf([first.line]);
  expect([take(ring, first), take(ring, first)]).toEqual([true, false]);
  ring = ringOf([first.line, second.line], ring);
  expect([take(ring, first), take(ring, second)]).toEqual([false, false]);
  ring = ringOf([`${second.line} rate=5`], ring);
  expect([take(ring, first), take(ring, second)]).toEqual([undefined, false]);
  ring = ringOf([`${second.line} rate=10`], ring);
  expect([1, 2, 3].map(() => take(ring, second))).toEqual([true, true, false]);
  ring = ringOf([second.line], ring);
  expect([take(ring, second), ring.rates.size]).toEqual([undefined, 0]);
});

test("there are as many rates as clients, however many keys and files there were", () => {
  let ring = ringOf([]);
  for (let file = 0; file < 100; file += 1) {
    const lines = Array.from({ length: 20 }, (_, at) => testKey(`client-${at % 4}`, "rate=9").line);
    ring = ringOf(lines, ring);
  }
  expect([ring.keys, ring.rates.size]).toEqual([20, 4]);
});
