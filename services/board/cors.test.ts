import { expect, test } from "bun:test";
import { climaApp } from "../../pipelines/clima-app.ts";
import type { Origins } from "./cors.ts";
import { smallBoard } from "./testing/small-board.ts";

const path = "/api/clima-app/state";
const here = "https://page.example.org";

async function headersOf(origins: Origins, asked: string, origin: string, init: RequestInit = {}) {
  await using board = await smallBoard(climaApp, { origins });
  const reply = await board.ask(asked, { ...init, headers: { origin, ...init.headers } });
  await reply.body?.cancel();
  const header = (name: string) => reply.headers.get(`access-control-${name}`);
  return { status: reply.status, vary: reply.headers.get("vary"), header };
}

const preflight = {
  method: "OPTIONS",
  headers: { "access-control-request-method": "GET", "access-control-request-headers": "x-own" },
};

test("pages of other origins read nothing where CORS_ORIGINS is not set", async () => {
  const { status, header } = await headersOf([], path, here);
  expect([status, header("allow-origin")]).toEqual([200, null]);
  const asked = await headersOf([], path, here, preflight);
  expect([asked.status, asked.header("allow-methods")]).toEqual([204, null]);
});

test("pages of listed origins read the API, its refusals and its streams, others do not", async () => {
  const origins = ["http://localhost:5173", here];
  const paths = [path, "/api", "/api/nothing", "/api/other/state", "/api/clima-app/stream"];
  for (const each of [...paths, "/openapi/json", "/api/logs?limit=x"]) {
    const { vary, header } = await headersOf(origins, each, here);
    expect([each, header("allow-origin"), vary]).toEqual([each, here, "origin"]);
  }
  for (const other of ["https://other.example.org", "null", "page.example.org"]) {
    const { vary, header } = await headersOf(origins, path, other);
    expect([other, header("allow-origin"), vary]).toEqual([other, null, "origin"]);
  }
});

test("a preflight is answered with the methods of the path", async () => {
  const { status, header } = await headersOf([here], path, here, preflight);
  expect([status, header("allow-origin"), header("allow-methods")]).toEqual([
    ...[204, here, "GET, HEAD, OPTIONS"],
  ]);
  expect(header("max-age")).toBe("600");
  const post = await headersOf([here], "/api/clima-app/missing", here, preflight);
  expect([post.header("allow-methods"), post.header("allow-headers")]).toEqual([
    ...["POST, OPTIONS", "content-type"],
  ]);
});

test("* lets pages of every origin read, without their cookies", async () => {
  const { vary, header } = await headersOf("*", path, "https://anywhere.example.org");
  expect([header("allow-origin"), header("allow-credentials"), vary]).toEqual(["*", null, null]);
});

test("the page itself is for no other origin's", async () => {
  const { header } = await headersOf("*", "/", here);
  expect(header("allow-origin")).toBeNull();
});
