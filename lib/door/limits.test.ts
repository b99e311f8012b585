import { expect, test } from "bun:test";
import { seededRandom } from "../store/testing/random.ts";
import { tokenBucket } from "../token-bucket.ts";
import { adaptiveLimit, type Place } from "./adaptive-limit.ts";

const histories = Array.from({ length: 200 }, (_, index) => index + 1);

test("the adaptive limit stays between its bounds and lets no more in, whoever enters and leaves", () => {
  for (const seed of histories) wander(seed);
});

test("a limit that has fallen rises to its cap again once nothing is slow", () => {
  let nowMs = 0;
  const limit = adaptiveLimit({ max: 500, slowMs: 20, clock: () => nowMs });
  const fill = () => Array.from({ length: limit.limit }, () => limit.enter() as Place);
  for (let round = 0; round < 20; round += 1) {
    const places = fill();
    nowMs += 30;
    for (const place of places) place.leave();
  }
  expect(limit.limit).toBe(256);
  for (let round = 0; round < 20; round += 1) for (const place of fill()) place.leave();
  expect(limit.limit).toBe(500);
});

test("what is slow among few does not lower the limit: there is another reason", () => {
  let nowMs = 0;
  const limit = adaptiveLimit({ max: 500, slowMs: 20, clock: () => nowMs });
  for (let round = 0; round < 20; round += 1) {
    const places = Array.from({ length: 255 }, () => limit.enter() as Place);
    nowMs += 30;
    for (const place of places) place.leave();
  }
  expect(limit.limit).toBe(500);
});

test("what is not there does not lower the limit, however long it took to find out", () => {
  let nowMs = 0;
  const limit = adaptiveLimit({ max: 500, slowMs: 20, clock: () => nowMs });
  for (let round = 0; round < 20; round += 1) {
    const places = Array.from({ length: 500 }, () => limit.enter() as Place);
    nowMs += 30;
    for (const place of places) place.leave("unavailable");
  }
  expect(limit.limit).toBe(500);
});

test("a bucket gives no more than its size and what has come, whatever the clock does", () => {
  for (const seed of histories) {
    const random = seededRandom(seed);
    let [nowMs, forwardMs, taken] = [0, 0, 0];
    const bucket = tokenBucket(100, 10, () => nowMs);
    for (let step = 0; step < 300; step += 1) {
      const byMs = random.below(30) - 5;
      nowMs += byMs;
      forwardMs += Math.max(0, byMs);
      if (bucket.take()) taken += 1;
    }
    expect(taken).toBeLessThanOrEqual(10 + forwardMs / 10);
    expect(taken).toBeGreaterThan(0);
  }
});

test("a bucket that could never give a token is refused", () => {
  expect(() => tokenBucket(0, 10, Date.now)).toThrow("Cannot make a token bucket");
  expect(() => tokenBucket(10, 0.5, Date.now)).toThrow("0.5 at most");
});

/** Enters, waits and leaves at random, and looks at the limit after each step. */
function wander(seed: number): void {
  const random = seededRandom(seed);
  let nowMs = 0;
  const max = 1 + random.below(600);
  const limit = adaptiveLimit({ max, slowMs: 20, clock: () => nowMs });
  const places: Place[] = [];
  for (let step = 0; step < 1000; step += 1) {
    nowMs += random.below(10);
    const place = random.chance(0.6) ? limit.enter() : undefined;
    if (place !== undefined) places.push(place);
    const [leaving] = random.chance(0.3) ? places.splice(random.below(places.length), 1) : [];
    leaving?.leave(random.chance(0.1) ? "overloaded" : "done");
    // A second time counts for nothing.
    leaving?.leave("overloaded");
    const { limit: now, inFlight } = limit;
    const kept = now >= Math.min(max, 256) && now <= max && inFlight === places.length;
    if (!kept || inFlight > max) throw new Error(`seed ${seed}, step ${step}: ${now}, ${inFlight}`);
  }
}
