import { expect, test } from "bun:test";
import type { Publisher } from "../broker/publisher.ts";
import type { Policy } from "../pipeline/station.ts";
import { memoryPublisher } from "../testing/memory-publisher.ts";
import { fanOut } from "./fan-out.ts";

const preferring = (policy: Policy) => ({ deadlineAtMs: Date.now() + 1_000, policy });

function setUp(policy: Policy = "both") {
  const kafka = memoryPublisher<string>();
  const rabbit = memoryPublisher<string>();
  const publisher = fanOut({ policy, lanes: { kafka, rabbit }, random: () => 0 });
  return { kafka, rabbit, publisher };
}

/** A hop that notes what it is told and answers as a station would that applies what `applies` says. */
function hopThat(applies: boolean) {
  const told: (Policy | undefined)[] = [];
  const publisher: Publisher<string> = {
    publish: async (events, { policy }) => {
      told.push(policy);
      const applied = applies && policy !== undefined ? { applied: policy } : {};
      return events.map(() => ({ stored: true, lanes: { kafka: "stored" }, ...applied }));
    },
    ready: async () => true,
    [Symbol.asyncDispose]: async () => {},
  };
  return { told, publisher };
}

test("a preferred lane alone is asked, whatever the policy is otherwise", async () => {
  for (const policy of ["both", "rabbit", "random"] as const) {
    const { kafka, rabbit, publisher } = setUp(policy);
    expect(await publisher.publish(["a"], preferring("kafka"))).toEqual([
      { stored: true, lanes: { kafka: "stored" }, applied: "kafka" },
    ]);
    expect([kafka.stored, rabbit.stored]).toEqual([["a"], []]);
  }
});

test("both is every lane there is, also where the policy is one of them", async () => {
  const { kafka, rabbit, publisher } = setUp("kafka");
  const [result] = await publisher.publish(["a"], preferring("both"));
  expect(result).toMatchObject({ lanes: { kafka: "stored", rabbit: "stored" }, applied: "both" });
  expect([kafka.stored, rabbit.stored]).toEqual([["a"], ["a"]]);
});

test("random falls over to the other lane and names what the first did", async () => {
  const { kafka, publisher } = setUp();
  kafka.behaviour.fail = "unavailable";
  expect(await publisher.publish(["a"], preferring("random"))).toEqual([
    { stored: true, lanes: { kafka: "unavailable", rabbit: "stored" }, applied: "random" },
  ]);
});

test("a failure says as well what was applied", async () => {
  const { rabbit, publisher } = setUp();
  rabbit.behaviour.fail = "unavailable";
  const [both] = await publisher.publish(["a"], preferring("both"));
  const lanes = { kafka: "stored", rabbit: "unavailable" };
  expect(both).toMatchObject({ stored: false, error: { lanes, applied: "both" } });
  const [alone] = await publisher.publish(["a"], preferring("rabbit"));
  expect(alone).toMatchObject({ error: { lanes: { rabbit: "unavailable" }, applied: "rabbit" } });
});

test("a lane that is not here is ignored, and not asked of those behind", async () => {
  const kafka = hopThat(true);
  const publisher = fanOut({ policy: "both", lanes: { kafka: kafka.publisher } });
  const [ignored] = await publisher.publish(["a"], preferring("rabbit"));
  expect(ignored).toEqual({ stored: true, lanes: { kafka: "stored" } });
  const [all] = await publisher.publish(["a"], preferring("both"));
  expect(all).toMatchObject({ applied: "both" });
  expect(kafka.told).toEqual([undefined, "both"]);
});

test("a hop of another name is told, and what it says it applied is applied", async () => {
  for (const applies of [true, false]) {
    const proxy = hopThat(applies);
    const publisher = fanOut({ policy: "both", lanes: { proxy: proxy.publisher } });
    const [result] = await publisher.publish(["a"], preferring("rabbit"));
    expect(result?.stored ? result.applied : "none").toBe(applies ? "rabbit" : undefined);
    expect(proxy.told).toEqual(["rabbit"]);
  }
});

test("what one call prefers says nothing about the next, nor about readiness", async () => {
  const { kafka, rabbit, publisher } = setUp("kafka");
  rabbit.behaviour.ready = false;
  await publisher.publish(["a"], preferring("rabbit"));
  const [next] = await publisher.publish(["b"], { deadlineAtMs: Date.now() + 1_000 });
  expect(next).toEqual({ stored: true, lanes: { kafka: "stored" } });
  expect([kafka.stored, rabbit.stored]).toEqual([["b"], ["a"]]);
  expect(await publisher.ready()).toBe(true);
});
