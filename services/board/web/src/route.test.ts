import { expect, test } from "bun:test";
import type { BoardPipeline } from "./api/shapes.ts";
import { hashOf, routeOf } from "./route.ts";
import { screenOf } from "./views/screen.ts";

const pipeline = (name: string, log: BoardPipeline["log"] = null): BoardPipeline => ({
  name,
  title: { en: name, es: name },
  panels: [],
  log,
  lanes: [],
});
const log = { title: { en: "Log", es: "Log" }, columns: [] };
const [first, second] = [pipeline("first"), pipeline("second", log)];

test("an address without a hash is home", () => {
  for (const hash of ["", "#", "#/"]) expect(routeOf(hash)).toEqual({ at: "home" });
});

test("a pipeline's address leads to it, whatever its name has in it", () => {
  for (const name of ["clima-app", "a b/ç"]) {
    expect(routeOf(hashOf(name))).toEqual({ at: "pipeline", name });
  }
});

test("other addresses lead nowhere", () => {
  for (const hash of ["#x", "#/a/b", "#/%"]) {
    expect(routeOf(hash)).toEqual({ at: "nowhere", address: hash });
  }
});

test("home shows the log of the first pipeline that has one, else the first pipeline", () => {
  expect(screenOf({ at: "home" }, [first, second])).toMatchObject({
    shows: "log",
    pipeline: second,
  });
  expect(screenOf({ at: "home" }, [first])).toEqual({ shows: "pipeline", pipeline: first });
  expect(screenOf({ at: "home" }, [])).toEqual({ shows: "empty" });
  expect(screenOf({ at: "home" }, undefined)).toEqual({ shows: "waiting" });
});

test("a pipeline that the board does not have is missing", () => {
  expect(screenOf({ at: "pipeline", name: "third" }, [first])).toEqual({
    shows: "missing",
    address: "third",
  });
});
