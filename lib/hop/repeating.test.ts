import { expect, test } from "bun:test";
import type { PublishErrorCode } from "../broker/publish-error.ts";
import { notStored } from "./hop.ts";
import { repeating } from "./repeating.ts";

const soon = () => ({ deadlineAtMs: Date.now() + 2_000, mayRepeat: true });

/** A hop that fails the first tries of every event as it is told to. */
function flaky(failures: readonly PublishErrorCode[]) {
  const tries: string[] = [];
  let repeats = 0;
  const hop = repeating<string>(
    {
      publish: async (events) =>
        events.map((event) => {
          const code = failures[tries.filter((each) => each === event).length];
          tries.push(event);
          return code === undefined ? { stored: true } : notStored(code, `told to fail: ${code}`);
        }),
      ready: async () => true,
      [Symbol.asyncDispose]: async () => {},
    },
    {
      onRepeat: () => {
        repeats += 1;
      },
    },
  );
  return { hop, tries, repeats: () => repeats };
}

test("an event that a hop could not hand on is handed on again, under the same id", async () => {
  const { hop, tries, repeats } = flaky(["unavailable", "unavailable"]);
  expect(await hop.publish(["a"], soon())).toEqual([{ stored: true }]);
  expect(tries).toEqual(["a", "a", "a"]);
  expect(repeats()).toBe(2);
});

test("of several events those that failed alone are repeated, and answers keep their order", async () => {
  const { hop, tries } = flaky(["unavailable"]);
  tries.push("b");
  expect(await hop.publish(["a", "b", "c"], soon())).toEqual(Array(3).fill({ stored: true }));
  expect(tries.filter((each) => each === "b").length).toBe(2);
  expect(tries.length).toBe(6);
});

test("three repeats are the most", async () => {
  const { hop, tries } = flaky(Array(10).fill("unavailable"));
  const [result] = await hop.publish(["a"], soon());
  expect(result).toMatchObject({ stored: false, error: { code: "unavailable" } });
  expect(tries.length).toBe(4);
});

for (const code of ["invalid", "conflict", "overloaded", "deadline"] as const) {
  test(`${code} is not repeated`, async () => {
    const { hop, tries } = flaky([code]);
    const [result] = await hop.publish(["a"], soon());
    expect(result).toMatchObject({ stored: false, error: { code } });
    expect(tries.length).toBe(1);
  });
}

for (const code of ["invalid", "conflict", "overloaded"] as const) {
  test(`a repeat that is refused (${code}) leaves unknown what the try before it may have stored`, async () => {
    const { hop, tries } = flaky(["unavailable", code]);
    const [result] = await hop.publish(["a"], soon());
    expect(result).toMatchObject({ stored: false, error: { code: "unavailable" } });
    expect(tries.length).toBe(2);
  });
}

test("a door that is not the first repeats nothing", async () => {
  const { hop, tries } = flaky(["unavailable"]);
  const [result] = await hop.publish(["a"], { deadlineAtMs: Date.now() + 2_000 });
  expect(result?.stored).toBe(false);
  expect(tries.length).toBe(1);
});

test("nothing is repeated after the deadline", async () => {
  const { hop, tries } = flaky(["unavailable"]);
  const [result] = await hop.publish(["a"], { ...soon(), deadlineAtMs: Date.now() + 2 });
  expect(result?.stored).toBe(false);
  expect(tries.length).toBe(1);
});

test("what is dead gets 1.1 times the calls at most, whatever each event might have", async () => {
  const { hop, tries } = flaky(Array(4).fill("unavailable"));
  const calls = 1_000;
  const events = Array.from({ length: calls }, (_, index) => `${index}`);
  await Promise.all(events.map((event) => hop.publish([event], soon())));
  expect(tries.length).toBeWithin(calls * 1.09, calls * 1.1 + 11);
});
