import { expect, test } from "bun:test";
import { waitFor } from "./wait-for.ts";

const never = new AbortController().signal;
const soon = { what: "it", limitMs: 20, everyMs: 1, signal: never };

test("waitFor() returns what it sees, however many looks that takes", async () => {
  let looks = 0;
  const seen = await waitFor({
    ...soon,
    limitMs: 5_000,
    look: () => Promise.resolve(++looks === 3 ? "there" : undefined),
  });
  expect(seen).toBe("there");
  expect(looks).toBe(3);
});

test("waitFor() takes an error for not yet", async () => {
  let looks = 0;
  const look = () => (++looks === 1 ? Promise.reject(new Error("away")) : Promise.resolve(looks));
  expect(await waitFor({ ...soon, limitMs: 5_000, look })).toBe(2);
});

test("waitFor() ends with the reason that it is told, else with the last error", async () => {
  const look = () => Promise.reject(new Error("connection refused"));
  await expect(waitFor({ ...soon, look })).rejects.toThrow(
    "Cannot see it within 0 s: connection refused",
  );
  const why = () => Promise.resolve("kafka-0: CrashLoopBackOff");
  await expect(waitFor({ ...soon, look, why })).rejects.toThrow(
    "Cannot see it within 0 s: kafka-0: CrashLoopBackOff",
  );
});

test("waitFor() ends at once when it is interrupted, although a look may throw", async () => {
  const interrupt = new AbortController();
  const look = () => {
    interrupt.abort(new Error("stopped by SIGINT"));
    return Promise.reject(new Error("away"));
  };
  const { signal } = interrupt;
  await expect(waitFor({ what: "it", limitMs: 60_000, signal, look })).rejects.toThrow(
    "stopped by SIGINT",
  );
});
