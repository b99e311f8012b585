import { expect, test } from "bun:test";
import type { LinterName, Waiver } from "../../charts/waivers.ts";
import type { Finding } from "./finding.ts";
import { isObject, waive } from "./waive.ts";

const found: Finding = {
  linter: "checkov",
  check: "CKV_1",
  object: "demo Deployment api",
  message: "is wrong",
};
const ran = new Set<LinterName>(["checkov"]);
const reason = "so be it";

test("a waiver covers its check on its objects, and no other", () => {
  const waivers: readonly Waiver[] = [
    { checks: { checkov: ["CKV_1"] }, objects: ["* Deployment api"], reason },
  ];
  const others = [
    { ...found, linter: "kube-score" as const },
    { ...found, check: "CKV_2" },
    { ...found, object: "demo Deployment board" },
  ];
  expect(waive([found, ...others], waivers, ran)).toEqual({ left: others, unused: [] });
});

test("a waiver, a check or an object of one that covers nothing is told", () => {
  const waivers: readonly Waiver[] = [
    { checks: { checkov: ["CKV_1", "CKV_2"] }, objects: ["demo *", "other *"], reason },
  ];
  expect(waive([found], waivers, ran).unused).toEqual([
    "checkov CKV_2 is waived, but nothing is found there: so be it",
    "other * is waived, but nothing is found there: so be it",
  ]);
});

test("nobody knows what the waivers of a linter cover that did not run", () => {
  const checks = { checkov: ["CKV_1"], "kube-score": ["image"] };
  const waivers: readonly Waiver[] = [{ checks, objects: ["demo *", "other *"], reason }];
  expect(waive([found], waivers, ran).unused).toEqual([]);
});

test("isObject() takes nothing but * for a pattern", () => {
  expect(isObject("* Service a.b", "strimzi/x Service a.b")).toBe(true);
  expect(isObject("* Service a.b", "x Service aXb")).toBe(false);
  expect(isObject("* Service a", "x Service a-b")).toBe(false);
});
