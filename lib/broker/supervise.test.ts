import { expect, test } from "bun:test";
import { until } from "../testing/until.ts";
import { supervise } from "./supervise.ts";

test("supervise() runs again what fails, with growing pauses, and tells each fault once", async () => {
  const began: number[] = [];
  const faults: string[] = [];
  const supervisor = supervise({
    pauseMs: 10,
    pauseMaxMs: 40,
    onFault: ({ message }) => faults.push(message),
    run: () => {
      began.push(performance.now());
      return Promise.reject(new Error(began.length < 6 ? "away" : "away still"));
    },
  });
  await until("several tries", () => began.length >= 8);
  await supervisor.stop();
  const pauses = began.slice(1).map((at, i) => at - (began[i] ?? 0));
  expect(pauses[0]).toBeLessThan(pauses[5] ?? 0);
  expect(Math.max(...pauses)).toBeLessThan(1_000);
  expect(faults).toEqual(["away", "away still"]);
});

test("supervise() ends the session that runs when it is stopped", async () => {
  let ended = 0;
  const supervisor = supervise({
    onFault: () => {},
    run: ({ signal, up }) => {
      up();
      const { promise, resolve } = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => {
        ended += 1;
        resolve();
      });
      return promise;
    },
  });
  await supervisor.stop();
  expect(ended).toBe(1);
});
