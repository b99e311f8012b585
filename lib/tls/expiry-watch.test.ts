import { expect, test } from "bun:test";
import { createLog } from "../log.ts";
import { until } from "../testing/until.ts";
import { watchExpiry } from "./expiry-watch.ts";
import type { Identity } from "./identity.ts";
import { memoryIdentity } from "./testing/memory-identity.ts";

const dayMs = 86_400_000;
const now = Date.UTC(2026, 0, 1);
const ending = (days: number): Identity => ({
  ...{ cert: "", key: "", ca: "" },
  endsAtMs: now + days * dayMs,
});

/** What is told of a certificate that ends in so many days, and of those after it. */
function watched(days: number, everyMs = dayMs) {
  const lines: { level: string; message: string; daysLeft: number; endsAt: string }[] = [];
  const ends: number[] = [];
  const identity = memoryIdentity(ending(days));
  let nowMs = now;
  const watch = watchExpiry(identity, {
    log: createLog({}, (line) => lines.push(JSON.parse(line))),
    onEnd: (endsAtMs) => ends.push(endsAtMs),
    clock: () => nowMs,
    everyMs,
  });
  return {
    lines,
    ends,
    identity,
    said: () => lines.map(({ level, message }) => `${level} ${message}`),
    pass: (more: number) => {
      nowMs += more * dayMs;
    },
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  };
}

test("when the certificate ends is said at the start, and of each new one", () => {
  using at = watched(90);
  at.identity.change(ending(120));
  expect(at.lines).toMatchObject([
    { level: "info", daysLeft: 90, endsAt: "2026-04-01T00:00:00.000Z" },
    { level: "info", message: "the hops' certificate is another one", daysLeft: 120 },
  ]);
  expect(at.ends).toEqual([now + 90 * dayMs, now + 120 * dayMs]);
});

test("one that ends within 14 days is warned of at once, and again; a new one ends that", async () => {
  using at = watched(14, 5);
  expect(at.said().slice(1, 2)).toEqual(["warn the hops' certificate ends soon"]);
  await until("another warning", () => at.lines.length > 2);
  at.identity.change(ending(90));
  at.pass(77);
  await until("the warning of the new one", () => at.lines.at(-1)?.daysLeft === 13);
  const early = at.lines.filter(({ level, daysLeft }) => level === "warn" && daysLeft > 14);
  expect(early).toEqual([]);
});

test("one that has ended is a fault", () => {
  using at = watched(-1);
  expect(at.said().at(-1)).toBe("error the hops' certificate has ended: other stations refuse it");
});
