import { expect, test } from "bun:test";
import { formatPolicy, policyIn } from "./preference.ts";

test("a policy is found among preferences in any case, quoted or not, with parameters or without", () => {
  for (const text of [
    "policy=kafka",
    "Policy = KAFKA",
    'policy="Kafka"',
    'POLICY="\\kafka"',
    "respond-async, policy=kafka",
    'note="a, policy=rabbit", policy=kafka; strict',
    "policy=kafka;q=1, wait=10",
    ",, policy=kafka ,",
    formatPolicy("kafka"),
  ]) {
    expect([text, policyIn(text)]).toEqual([text, "kafka"]);
  }
});

test("every policy has its word", () => {
  const words = ["both", "kafka", "rabbit", "random"] as const;
  expect(words.map((word) => policyIn(formatPolicy(word)))).toEqual([...words]);
});

test("the first of several counts, even where it names no policy", () => {
  expect(policyIn("policy=rabbit, policy=kafka")).toBe("rabbit");
  expect(policyIn("policy=pulsar, policy=kafka")).toBeUndefined();
  expect(policyIn("policy, policy=kafka")).toBeUndefined();
});

test("what cannot be read is passed over, whatever its length", () => {
  for (const text of [
    null,
    "",
    "kafka",
    "policies=kafka",
    "policy=",
    "policy=kafka rabbit",
    'policy="kafka',
    "policy==kafka",
    '"'.repeat(100_000),
    `${'"\\'.repeat(100_000)}policy=kafka`,
    `${"x,".repeat(100_000)}policy=kafka`,
  ]) {
    expect(policyIn(text)).toBeUndefined();
  }
});
