import { expect, test } from "bun:test";
import { readOptions } from "./options.ts";

test("the standard run is 10,000 events by 10 users, or every vote once", () => {
  expect(readOptions([])).toMatchObject({ requests: 10_000, users: 10, keys: true });
  expect(readOptions(["--pipeline", "proyecto3"])).toMatchObject({ requests: 10_000 });
  expect(readOptions(["--pipeline", "votaciones"])).toMatchObject({ requests: 1_000 });
});

test("--json takes a file, or stands alone for the standard output", () => {
  expect(readOptions(["--json", "result.json"])?.json).toBe("result.json");
  expect(readOptions(["--json", "--users", "2"])).toMatchObject({ json: "-", users: 2 });
  expect(readOptions(["--json"])?.json).toBe("-");
  expect(readOptions([])?.json).toBeUndefined();
});

test("--route takes a name, random or a path", () => {
  for (const route of ["rust", "grpc", "random", "/grpc/insert"]) {
    expect(readOptions(["--pipeline", "votaciones", "--route", route])?.route).toBe(route);
  }
});

test("what cannot be used is named with what may stand there", () => {
  const reading = (...args: readonly string[]) => {
    return () => readOptions(args);
  };
  expect(reading("--users", "0")).toThrow(
    "Cannot use --users: must be a whole number from 1 to 10000: current value is 0",
  );
  expect(reading("--url", "nowhere")).toThrow("Cannot use --url: must be a URL");
  expect(reading("--pipeline", "clima")).toThrow(
    "Cannot load pipeline: must be one of clima-app, proyecto3, votaciones: current value is clima",
  );
  expect(reading("--pipeline", "votaciones", "--route", "rest")).toThrow(
    "Cannot find a route of votaciones: must be rust, grpc, random or a path: current value is rest",
  );
  expect(reading("--requests", "10000001")).toThrow("from 1 to 10000000");
  expect(reading("--pipeline", "votaciones", "--votes", import.meta.path)).toThrow(
    "Cannot use the file of votes",
  );
});
