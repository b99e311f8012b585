import { expect, test } from "bun:test";
import { votaciones } from "../../pipelines/votaciones.ts";
import { targetOf } from "./request-target.ts";
import { smallBoard, vote } from "./testing/small-board.ts";

test("targetOf() tells path and query apart from any host", () => {
  for (const host of ["x", "x:80", "%", "[::1", "a b", "x:99999", "", "u@x"]) {
    const { path, query } = targetOf({ url: `http://${host}/api/logs?limit=5&x=%zz` });
    expect([path, query.get("limit")]).toEqual(["/api/logs", "5"]);
  }
  expect(targetOf({ url: "http://x" }).path).toBe("/");
});

test("a host that is none is no fault of ours: the API answers as ever (fuzzing, seed 5)", async () => {
  await using board = await smallBoard(votaciones, { basePath: "/board" });
  await board.publish("kafka", vote);
  for (const host of ["%", "x:99999", "[::1", "%zz.com"]) {
    for (const path of ["/api/logs?limit=5", "/openapi/json", "/board/openapi/json", "/board/"]) {
      const { status } = await fetch(`${board.url}${path}`, { headers: { host } });
      expect([host, path, status]).toEqual([host, path, 200]);
    }
  }
});
