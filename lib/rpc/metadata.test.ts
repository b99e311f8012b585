import { expect, test } from "bun:test";
import { formatLanes, parseLanes } from "./metadata.ts";

test("lanes come out as they went in, as far as metadata can carry them", () => {
  const lanes = { kafka: "stored", rabbit: "unavailable: no answer" };
  expect(formatLanes(lanes)).toBe("kafka=stored; rabbit=unavailable: no answer");
  expect(parseLanes(formatLanes(lanes))).toEqual(lanes);
  expect(formatLanes({ kafka: "a;b\nñ" })).toBe("kafka=a?b??");
});

test("what a stranger sends is bounded, and nothing is made of what is no list of lanes", () => {
  expect(parseLanes(null)).toBeUndefined();
  expect(parseLanes("nonsense; =; a b=c")).toBeUndefined();
  const many = Array.from({ length: 100 }, (_, index) => `lane${index}=x`).join(";");
  expect(Object.keys(parseLanes(many) ?? {}).length).toBe(16);
  expect(formatLanes({ kafka: "x".repeat(10_000) }).length).toBe(2_000);
});
