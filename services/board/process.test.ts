import { expect, test } from "bun:test";
import { join } from "node:path";
import { serviceProcess } from "../../lib/testing/service-process.ts";
import { until } from "../../lib/testing/until.ts";
import { freePort } from "../../tools/parts/ports.ts";
import { listen } from "./testing/events.ts";

const main = join(import.meta.dir, "main.ts");

/** A board as a process, with neither store nor brokers. */
async function lonelyBoard(env: Readonly<Record<string, string>> = {}) {
  const [port, adminPort, nowhere] = [await freePort(), await freePort(), await freePort()];
  const process = serviceProcess(main, {
    PIPELINE: "votaciones",
    PORT: `${port}`,
    ADMIN_PORT: `${adminPort}`,
    KAFKA_BROKERS: `127.0.0.1:${nowhere}`,
    RABBIT_URL: `amqp://127.0.0.1:${nowhere}`,
    VALKEY_SERVICE_URL: `127.0.0.1:${nowhere}`,
    MONGO_URL: `mongodb://127.0.0.1:${nowhere}/so1p2`,
    ...env,
  });
  return {
    ...process,
    url: `http://127.0.0.1:${port}`,
    admin: `http://127.0.0.1:${adminPort}`,
  };
}

const answers = (url: string) =>
  until("the board to answer", async () => (await fetch(`${url}/api`)).ok);

test("a board without store and brokers shows that they are away, on the port of PORT", async () => {
  await using board = await lonelyBoard({
    CORS_ORIGINS: "https://page.example.org",
    BASE_PATH: "/b/",
  });
  await answers(board.url);
  const snapshot = await fetch(`${board.url}/b/api/votaciones/snapshot`, {
    headers: { origin: "https://page.example.org" },
  });
  expect(snapshot.headers.get("access-control-allow-origin")).toBe("https://page.example.org");
  expect(await snapshot.json()).toEqual({
    at: expect.any(Number),
    ...{ state: null, ledger: null, lag: null, deadLetters: { kafka: null }, logs: null },
  });
  const logs = await fetch(`${board.url}/api/logs`);
  expect([logs.status, await logs.text()]).toEqual([500, "Error getting logs"]);
  expect((await fetch(`${board.url}/api/votaciones/dead-letters`)).status).toBe(503);
  expect((await fetch(board.url)).status).toBe(200);
  expect((await fetch(`${board.admin}/ready`)).status).toBe(200);
}, 60_000);

test("SIGTERM ends the streams of all who listen at once, and the process with 0", async () => {
  await using board = await lonelyBoard();
  await answers(board.url);
  const listeners = await Promise.all(
    Array.from({ length: 10 }, () => listen(`${board.url}/api/votaciones/stream`)),
  );
  await Promise.all(listeners.map((listener) => listener.snapshot()));
  const beganMs = performance.now();
  board.child.kill("SIGTERM");
  for (const listener of listeners) {
    while ((await listener.next()) !== undefined);
  }
  expect(performance.now() - beganMs).toBeLessThan(2_000);
  expect(await board.child.exited).toBe(0);
  expect(performance.now() - beganMs).toBeLessThan(8_000);
}, 60_000);

test("origins and paths that cannot be used exit 78 and are named", async () => {
  await using board = await lonelyBoard({ CORS_ORIGINS: "example.org", BASE_PATH: "board" });
  expect(await board.child.exited).toBe(78);
  const output = await board.output;
  expect(output).toContain("CORS_ORIGINS must be *, or origins such as https://example.org");
  expect(output).toContain("BASE_PATH must be a path such as /board");
}, 30_000);
