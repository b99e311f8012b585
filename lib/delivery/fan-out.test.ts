import { expect, test } from "bun:test";
import { memoryPublisher } from "../testing/memory-publisher.ts";
import { until } from "../testing/until.ts";
import { fanOut } from "./fan-out.ts";

const soon = () => ({ deadlineAtMs: Date.now() + 1_000 });

function setUp() {
  const kafka = memoryPublisher<string>();
  const rabbit = memoryPublisher<string>();
  return { kafka, rabbit, lanes: { kafka, rabbit } };
}

test("both: an event is stored when every lane stored it", async () => {
  const { kafka, rabbit, lanes } = setUp();
  const [result] = await fanOut({ policy: "both", lanes }).publish(["a"], soon());
  expect(result).toEqual({ stored: true, lanes: { kafka: "stored", rabbit: "stored" } });
  expect([kafka.stored, rabbit.stored]).toEqual([["a"], ["a"]]);
});

test("both: the lanes are asked at the same time", async () => {
  const { kafka, rabbit, lanes } = setUp();
  const release = Promise.withResolvers<void>();
  kafka.behaviour.hold = release.promise;
  rabbit.behaviour.hold = release.promise;
  const publishing = fanOut({ policy: "both", lanes }).publish(["a"], soon());
  await until("both to have it", () => kafka.inFlight === 1 && rabbit.inFlight === 1);
  release.resolve();
  expect((await publishing)[0]?.stored).toBe(true);
});

test("both: one lane's failure is the event's, and names what the other did", async () => {
  const { kafka, lanes } = setUp();
  kafka.behaviour.fail = "deadline";
  const [result] = await fanOut({ policy: "both", lanes }).publish(["a"], soon());
  expect(result).toMatchObject({
    stored: false,
    error: {
      code: "deadline",
      message: "kafka: told to fail: deadline; rabbit: stored",
      lanes: { kafka: "deadline", rabbit: "stored" },
    },
  });
});

test("both: a refusal by one lane is unknown where the other stored the event", async () => {
  const { rabbit, lanes } = setUp();
  rabbit.behaviour.fail = "overloaded";
  const [result] = await fanOut({ policy: "both", lanes }).publish(["a"], soon());
  expect(result).toMatchObject({ stored: false, error: { code: "unavailable", refused: false } });
});

test("both: a refusal by every lane is a refusal", async () => {
  const { kafka, rabbit, lanes } = setUp();
  kafka.behaviour.fail = "overloaded";
  rabbit.behaviour.fail = "overloaded";
  const [result] = await fanOut({ policy: "both", lanes }).publish(["a"], soon());
  expect(result).toMatchObject({ stored: false, error: { code: "overloaded", refused: true } });
});

test("both: different refusals by every lane are one, which a repeat may overcome if any of them", async () => {
  const { kafka, rabbit, lanes } = setUp();
  const publisher = fanOut({ policy: "both", lanes });
  kafka.behaviour.fail = "invalid";
  rabbit.behaviour.fail = "conflict";
  expect((await publisher.publish(["a"], soon()))[0]).toMatchObject({ error: { code: "invalid" } });
  rabbit.behaviour.fail = "overloaded";
  const [result] = await publisher.publish(["a"], soon());
  expect(result).toMatchObject({ error: { code: "overloaded", refused: true } });
});

test("both: the lanes of the station after a hop stand for the hop", async () => {
  const proxy = memoryPublisher<string>();
  const behind = { kafka: "stored", rabbit: "unavailable" };
  Object.assign(proxy.behaviour, { fail: "unavailable", lanes: behind });
  const [result] = await fanOut({ policy: "both", lanes: { proxy } }).publish(["a"], soon());
  expect(result).toMatchObject({ error: { lanes: behind } });
});

test("both: events of one call fail each for itself", async () => {
  const { rabbit, lanes } = setUp();
  const some: typeof rabbit = {
    ...rabbit,
    publish: async (events, options) => {
      const results = await rabbit.publish(events, options);
      rabbit.behaviour.fail = "unavailable";
      const [failed] = await rabbit.publish(["x"], options);
      return results.map((result, index) => (index === 1 && failed ? failed : result));
    },
  };
  const publisher = fanOut({ policy: "both", lanes: { ...lanes, rabbit: some } });
  const results = await publisher.publish(["a", "b"], soon());
  expect(results.map(({ stored }) => stored)).toEqual([true, false]);
});

test("a named lane alone is asked", async () => {
  const { kafka, rabbit, lanes } = setUp();
  kafka.behaviour.ready = false;
  const publisher = fanOut({ policy: "rabbit", lanes });
  await publisher.publish(["a"], soon());
  expect([kafka.stored, rabbit.stored]).toEqual([[], ["a"]]);
  expect(await publisher.ready()).toBe(true);
});

test("random: every lane gets some, each event one", async () => {
  const { kafka, rabbit, lanes } = setUp();
  const events = Array.from({ length: 200 }, (_, index) => `${index}`);
  await fanOut({ policy: "random", lanes }).publish(events, soon());
  expect(kafka.stored.length).toBeGreaterThan(20);
  expect(rabbit.stored.length).toBeGreaterThan(20);
  expect([...kafka.stored, ...rabbit.stored].toSorted()).toEqual(events.toSorted());
});

test("random: where the chosen lane fails, the other is asked", async () => {
  const { kafka, rabbit, lanes } = setUp();
  kafka.behaviour.fail = "unavailable";
  const publisher = fanOut({ policy: "random", lanes, random: () => 0 });
  const [result] = await publisher.publish(["a"], soon());
  expect(result).toEqual({
    stored: true,
    lanes: { kafka: "unavailable", rabbit: "stored" },
  });
  expect(rabbit.stored).toEqual(["a"]);
});

test("random: a lane that hangs leaves the other time", async () => {
  const { kafka, lanes } = setUp();
  kafka.behaviour.hold = new Promise(() => {});
  const publisher = fanOut({ policy: "random", lanes, random: () => 0 });
  const [result] = await publisher.publish(["a"], { deadlineAtMs: Date.now() + 200 });
  expect(result?.stored).toBe(true);
});

test("ready() asks every lane that the policy requires", async () => {
  const { kafka, lanes } = setUp();
  kafka.behaviour.ready = false;
  expect(await fanOut({ policy: "both", lanes }).ready()).toBe(false);
  expect(await fanOut({ policy: "random", lanes }).ready()).toBe(true);
});

test("a policy that names a lane which is not there is refused at once", () => {
  const { kafka } = setUp();
  expect(() => fanOut({ policy: "rabbit", lanes: { kafka } })).toThrow(
    "Cannot publish to lane rabbit: there is only kafka",
  );
});

test("disposing disposes every lane", async () => {
  const { kafka, rabbit, lanes } = setUp();
  await fanOut({ policy: "kafka", lanes })[Symbol.asyncDispose]();
  expect([kafka.disposed, rabbit.disposed]).toEqual([true, true]);
});
