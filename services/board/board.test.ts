import { expect, test } from "bun:test";
import { join } from "node:path";
import { httpApp } from "../../lib/door/http-app.ts";
import { newEventId } from "../../lib/event/event-id.ts";
import { silentLog } from "../../lib/log.ts";
import { embeddedStore } from "../../lib/store/embedded/embedded-store.ts";
import { serviceProcess } from "../../lib/testing/service-process.ts";
import { until } from "../../lib/testing/until.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { freePort } from "../../tools/parts/ports.ts";
import { createBoard } from "./app.ts";

function setUp() {
  const store = embeddedStore({ file: ":memory:" });
  const app = httpApp(silentLog, [createBoard([{ pipeline: climaApp, store, lanes: {} }])]);
  const ask = (path: string, init?: RequestInit) =>
    app.handle(new Request(`http://localhost${path}`, init));
  const missing = (body: string) => ask("/api/clima-app/missing", { method: "POST", body });
  return { store, ask, missing };
}

async function foldOne(store: ReturnType<typeof embeddedStore>) {
  const id = newEventId();
  const message = climaApp.broker.decode({
    municipio: "Mixco",
    temperatura: 20,
    humedad: 50,
    clima: "Soleado",
  });
  const operations = climaApp.fold({ id, message });
  await store.apply({
    lane: "kafka",
    range: undefined,
    events: [
      {
        id,
        fingerprint: 1,
        offset: undefined,
        operations,
        record: undefined,
        setAside: undefined,
      },
    ],
    redelivered: 0,
    unidentified: 0,
  });
  return id;
}

test("GET /api/<pipeline>/state shows what is stored, keys that are not there left out", async () => {
  const { store, ask } = setUp();
  await foldOne(store);
  const reply = await ask("/api/clima-app/state");
  const state = (await reply.json()) as Record<string, unknown>;
  expect(state).toMatchObject({ total: "1", "reports:municipality": { Mixco: "1" } });
  expect(Object.keys(state)).not.toContain("municipality:guatemala");
});

test("POST /api/<pipeline>/missing answers the ids that had no effect", async () => {
  const { store, missing } = setUp();
  const [stored, other] = [await foldOne(store), newEventId()];
  const reply = await missing(JSON.stringify({ ids: [stored, other] }));
  expect(await reply.json()).toEqual({ missing: [other] });
});

test("POST /api/<pipeline>/missing refuses what it cannot answer", async () => {
  const { missing } = setUp();
  const status = async (body: string) => (await missing(body)).status;
  expect(await status("no json")).toBe(400);
  expect(await status("[]")).toBe(422);
  expect(await status('{"ids":[]}')).toBe(422);
  expect(await status('{"ids":["1"]}')).toBe(422);
  expect(await status(JSON.stringify({ ids: Array(1_001).fill(newEventId()) }))).toBe(422);
  expect(await status("x".repeat(70_000))).toBe(413);
});

test("a pipeline that is not there is 404, a store that does not answer 503", async () => {
  const { store, ask } = setUp();
  expect((await ask("/api/other/state")).status).toBe(404);
  await store[Symbol.asyncDispose]();
  for (const what of ["state", "ledger"]) {
    const reply = await ask(`/api/clima-app/${what}`);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([
      503,
      "application/problem+json",
    ]);
  }
});

test("a board without store and brokers lives, is ready to say so, and stops when told", async () => {
  const [port, adminPort, nowhere] = [await freePort(), await freePort(), await freePort()];
  await using board = serviceProcess(join(import.meta.dir, "main.ts"), {
    PORT: `${port}`,
    ADMIN_PORT: `${adminPort}`,
    KAFKA_BROKERS: `127.0.0.1:${nowhere}`,
    RABBIT_URL: `amqp://127.0.0.1:${nowhere}`,
    VALKEY_SERVICE_URL: `127.0.0.1:${nowhere}`,
  });
  const admin = (path: string) => fetch(`http://127.0.0.1:${adminPort}${path}`);
  await until("the board to live", async () => (await admin("/live")).ok);
  expect((await admin("/ready")).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${port}/api/clima-app/state`)).status).toBe(503);
  board.child.kill("SIGTERM");
  expect(await board.child.exited).toBe(0);
}, 30_000);
