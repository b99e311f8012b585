import { expect, test } from "bun:test";
import { readArguments } from "./arguments.ts";

test("without options every chart of dist/ is tried with 10,000 requests", () => {
  expect(readArguments([])).toEqual({
    charts: [],
    checks: [],
    dist: "dist",
    ingress: new URL("http://127.0.0.1"),
    ingressInside: undefined,
    requests: 10_000,
    short: false,
    keep: false,
    existing: false,
  });
});

test("--short makes fewer requests, --requests as many as are asked for", () => {
  expect(readArguments(["--short"])?.requests).toBe(1_000);
  expect(readArguments(["--short", "--requests", "50"])?.requests).toBe(50);
});

test("--existing never deletes what was there", () => {
  expect(readArguments(["--existing"])?.keep).toBe(true);
});

test("--inside says where the Ingress answers from pods", () => {
  expect(readArguments(["--inside", "http://edge.web:8000"])?.ingressInside?.port).toBe("8000");
});

test("--help asks for the text, and what cannot be meant is refused", () => {
  expect(readArguments(["--help"])).toBeUndefined();
  expect(() => readArguments(["--requests", "0"])).toThrow(
    "Cannot use --requests: must be a whole number from 1 to 1000000: current value is 0",
  );
  expect(() => readArguments(["--ingress", "cluster:80"])).toThrow(
    "Cannot use --ingress: must be an http address: current value is cluster:80",
  );
  expect(() => readArguments(["--chrat", "demo"])).toThrow("--chrat");
});
