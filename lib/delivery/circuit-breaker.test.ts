import { expect, test } from "bun:test";
import type { PublishErrorCode } from "../broker/publish-error.ts";
import { memoryPublisher } from "../testing/memory-publisher.ts";
import { until } from "../testing/until.ts";
import { breaking } from "./circuit-breaker.ts";

const within = (ms: number) => ({ deadlineAtMs: Date.now() + ms });

function setUp() {
  const lane = memoryPublisher<string>();
  const changes: boolean[] = [];
  const publisher = breaking(lane, {
    ...{ lane: "kafka", failuresMax: 3, openMs: 20, fairMs: 100 },
    onChange: (isOpen) => changes.push(isOpen),
  });
  const publish = async (deadline = within(2_000)) => {
    const [result] = await publisher.publish(["a"], deadline);
    return result?.stored === false ? result.error.code : "stored";
  };
  return {
    lane,
    changes,
    publisher,
    publish,
    async fail(code: PublishErrorCode, times: number, deadline?: { deadlineAtMs: number }) {
      lane.behaviour.fail = code;
      for (let time = 0; time < times; time += 1) await publish(deadline);
    },
  };
}

test("a lane that stores nothing, call after call, is left alone; events fail at once and name it", async () => {
  const { lane, changes, fail, publisher } = setUp();
  await fail("unavailable", 3);
  expect(changes).toEqual([true]);
  lane.behaviour.hold = new Promise(() => {});
  const [result] = await publisher.publish(["a"], within(90));
  expect(result).toMatchObject({
    stored: false,
    error: {
      code: "unavailable",
      refused: false,
      message: "Cannot publish to kafka: it stored nothing of the last 3 calls",
    },
  });
  expect(lane.inFlight).toBe(0);
});

test("one call at a time finds out whether the lane is back; the others do not wait for it", async () => {
  const { lane, changes, fail, publish } = setUp();
  await fail("unavailable", 3);
  const back = Promise.withResolvers<void>();
  Object.assign(lane.behaviour, { fail: undefined, hold: back.promise });
  const outcomes: Promise<string>[] = [];
  await until("one call to be let through", () => {
    outcomes.push(publish());
    return lane.inFlight === 1;
  });
  for (let call = 0; call < 10; call += 1) expect(await publish()).toBe("unavailable");
  expect(lane.inFlight).toBe(1);
  back.resolve();
  expect((await Promise.all(outcomes)).at(-1)).toBe("stored");
  expect(await publish()).toBe("stored");
  expect(changes).toEqual([true, false]);
});

test("a lane that is still away stays left alone", async () => {
  const { lane, changes, fail, publish } = setUp();
  await fail("unavailable", 3);
  for (let time = 0; time < 3; time += 1) await until("a failure", async () => await publish());
  expect(changes).toEqual([true]);
  expect(lane.stored).toEqual([]);
});

test("one event stored begins the count anew", async () => {
  const { lane, changes, fail, publish } = setUp();
  await fail("unavailable", 2);
  lane.behaviour.fail = undefined;
  await publish();
  await fail("unavailable", 2);
  expect(changes).toEqual([]);
});

for (const code of ["invalid", "conflict", "overloaded"] as const) {
  test(`${code} is an answer: it neither opens the circuit nor begins the count anew`, async () => {
    const { changes, fail } = setUp();
    await fail(code, 10);
    expect(changes).toEqual([]);
    await fail("unavailable", 2);
    await fail(code, 1);
    await fail("unavailable", 1);
    expect(changes).toEqual([true]);
  });
}

test("deadlines that clients made short say nothing of the lane", async () => {
  const { lane, changes, publish } = setUp();
  lane.behaviour.hold = new Promise(() => {});
  for (let call = 0; call < 10; call += 1) expect(await publish(within(5))).toBe("deadline");
  expect(changes).toEqual([]);
  for (let call = 0; call < 3; call += 1) expect(await publish(within(120))).toBe("deadline");
  expect(changes).toEqual([true]);
});

test("a call with little time does not find out whether the lane is back", async () => {
  const { lane, changes, fail, publish } = setUp();
  await fail("unavailable", 3);
  lane.behaviour.fail = undefined;
  const hurried: string[] = [];
  await until("a call that finds out", async () => {
    hurried.push(await publish(within(50)));
    return (await publish()) === "stored";
  });
  expect(new Set(hurried)).toEqual(new Set(["unavailable"]));
  expect(changes).toEqual([true, false]);
});
