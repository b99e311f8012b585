import { expect, test } from "bun:test";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { until } from "../../lib/testing/until.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import type { Snapshot } from "./snapshot.ts";
import { smallBoard, tweet, vote } from "./testing/small-board.ts";

type Board = Awaited<ReturnType<typeof smallBoard>>;

async function read<T>(board: Board, path: string): Promise<T> {
  return (await board.ask(path)).json() as Promise<T>;
}

async function settled(board: Board, pipeline: string) {
  await until("an empty lane", async () => {
    const { lag } = await read<Snapshot>(board, `/api/${pipeline}/snapshot`);
    return Object.values(lag ?? {}).every((lane) => lane?.every((each) => each.lag === 0));
  });
}

test("GET /api says Hello World", async () => {
  await using board = await smallBoard(climaApp);
  const reply = await board.ask("/api");
  expect([reply.status, await reply.text()]).toEqual([200, "Hello World"]);
});

test("GET /api/logs answers the newest records by date, 20 where nothing else is asked for", async () => {
  await using board = await smallBoard(votaciones);
  for (let n = 0; n < 25; n++) await board.publish("kafka", { ...vote, rank: `${n}` });
  await settled(board, "votaciones");
  const logs = await read<Record<string, string>[]>(board, "/api/logs");
  expect(logs.map(({ rank }) => rank)).toEqual(Array.from({ length: 20 }, (_, n) => `${24 - n}`));
  const { _id, date, ...fields } = logs[0] ?? {};
  expect(fields).toEqual({ ...vote, rank: "24" });
  expect(_id).toMatch(/^[\da-f-]{36}$/);
  expect(new Date(date ?? "").toISOString()).toBe(date ?? "");
  expect(await read(board, "/api/logs?limit=3")).toEqual(logs.slice(0, 3));
  expect(await read(board, "/api/votaciones/logs?limit=20")).toEqual(logs);
  expect(await read<unknown[]>(board, "/api/votaciones/logs?limit=100")).toHaveLength(25);
});

test("GET /api/logs with the log away is 500 Error getting logs, and works when it is back", async () => {
  await using board = await smallBoard(votaciones);
  board.parts.log.away = true;
  for (const path of ["/api/logs", "/api/votaciones/logs"]) {
    const reply = await board.ask(path);
    expect([reply.status, await reply.text()]).toEqual([500, "Error getting logs"]);
  }
  board.parts.log.away = false;
  expect(await read<unknown[]>(board, "/api/logs")).toEqual([]);
});

test("GET /api/logs is 404 where no pipeline has a log", async () => {
  await using board = await smallBoard(climaApp);
  for (const path of ["/api/logs", "/api/clima-app/logs"]) {
    const reply = await board.ask(path);
    expect([path, reply.status]).toEqual([path, 404]);
  }
});

test("a limit that is no whole number from 1 to 100 is 400", async () => {
  await using board = await smallBoard(votaciones);
  for (const path of ["/api/logs", "/api/votaciones/logs", "/api/votaciones/dead-letters"]) {
    for (const limit of ["0", "101", "-1", "1.5", "ten", "", "1e2", "999999999999"]) {
      const reply = await board.ask(`${path}?limit=${limit}`);
      expect([path, limit, reply.status]).toEqual([path, limit, 400]);
      expect(reply.headers.get("content-type")).toBe("application/problem+json");
      expect(((await reply.json()) as { type: string }).type).toEndWith(":bad-query");
    }
  }
});

test("GET /api/pipelines lists what a page draws", async () => {
  await using votes = await smallBoard(votaciones);
  const listed = await read<{ pipelines: Record<string, unknown>[] }>(votes, "/api/pipelines");
  expect(listed.pipelines).toEqual([
    {
      name: "votaciones",
      title: votaciones.view?.title ?? {},
      panels: votaciones.view?.panels ?? [],
      log: votaciones.view?.log ?? {},
      lanes: ["kafka"],
    },
  ]);
  const { view: _, ...unseen }: AnyPipeline = climaApp;
  await using plain = await smallBoard(unseen);
  expect(await read<unknown>(plain, "/api/pipelines")).toEqual({
    pipelines: [
      {
        name: "clima-app",
        title: { en: "clima-app", es: "clima-app" },
        panels: [],
        log: null,
        lanes: ["kafka", "rabbit"],
      },
    ],
  });
});

test("GET /api/<pipeline>/snapshot has state, ledger, lag, dead letters and log at one moment", async () => {
  await using board = await smallBoard(votaciones);
  await board.publish("kafka", vote);
  await board.publish("kafka", "{ no json");
  await settled(board, "votaciones");
  const snapshot = await read<Snapshot>(board, "/api/votaciones/snapshot");
  expect(snapshot).toMatchObject({
    state: { total: "1" },
    ledger: {
      ...{ accepted: 2, stored: 1, deadLettered: 1, inFlight: 0, closes: true },
      lanes: { kafka: { aside: { undecodable: 1, refused: 0, late: 0, conflict: 0 } } },
    },
    lag: { kafka: [{ partition: "0", end: 2, cursor: 2, lag: 0 }] },
    deadLetters: { kafka: { waiting: 1 } },
    logs: [vote],
  });
});

test("GET /api/<pipeline>/snapshot tells each part that is away by null", async () => {
  await using board = await smallBoard(votaciones);
  board.parts.broker.away = true;
  let snapshot = await read<Snapshot>(board, "/api/votaciones/snapshot");
  expect(snapshot).toMatchObject({ state: {}, lag: { kafka: null }, deadLetters: { kafka: null } });
  board.parts.broker.away = false;
  board.parts.store.away = true;
  snapshot = await read<Snapshot>(board, "/api/votaciones/snapshot");
  expect(snapshot).toMatchObject({
    ...{ state: null, ledger: null, lag: null, logs: [] },
    deadLetters: { kafka: { waiting: 0 } },
  });
});

test("GET /api/<pipeline>/dead-letters shows the newest of all lanes and leaves them there", async () => {
  await using board = await smallBoard(climaApp);
  const long = JSON.stringify({ "🌧": "ñ".repeat(5_000) });
  const ids = [
    await board.publish("kafka", "{ no json"),
    await board.publish("rabbit", { ...tweet, clima: "Granizo" }),
    await board.publish("kafka", long),
  ];
  interface Letters {
    readonly letters: readonly Record<string, unknown>[];
    readonly away: readonly string[];
  }
  const path = "/api/clima-app/dead-letters";
  const letters = () => read<Letters>(board, path);
  await until("three letters", async () => (await letters()).letters.length === 3);
  for (let look = 0; look < 30; look++) {
    const found = (await letters()).letters;
    expect(found.map(({ id }) => id)).toContainAllValues(ids);
    expect(found.map(({ at }) => at)).toEqual(
      found
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
  }
  const byId = Object.fromEntries((await letters()).letters.map((each) => [each.id, each]));
  expect(byId[ids[0] ?? ""]).toMatchObject({
    ...{ lane: "kafka", reason: "undecodable", attempts: 1, body: "{ no json" },
    error: expect.stringContaining("JSON"),
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  expect(byId[ids[1] ?? ""]).toMatchObject({ lane: "rabbit", reason: "undecodable" });
  expect(byId[ids[2] ?? ""]?.body).toBe(long.slice(0, 2_000));
  expect((await read<Letters>(board, `${path}?limit=1`)).letters).toHaveLength(1);
  const { deadLetters } = await read<Snapshot>(board, "/api/clima-app/snapshot");
  expect(deadLetters).toEqual({ kafka: { waiting: 2 }, rabbit: { waiting: 1 } });
  board.parts.broker.away = true;
  const reply = await board.ask(path);
  expect([reply.status, reply.headers.get("retry-after")]).toEqual([503, "1"]);
});

test("another pipeline, path or method is refused with a problem, HEAD is GET without a body", async () => {
  await using board = await smallBoard(climaApp);
  const refusals = [
    ["GET", "/api/other/snapshot", 404],
    ["GET", "/api/other/stream", 404],
    ["GET", "/api/clima-app", 404],
    ["GET", "/api/clima-app/nothing", 404],
    ["GET", "/api/clima-app/state/more", 404],
    ["POST", "/api/clima-app/nothing", 404],
    ["GET", "/api/__proto__/state", 404],
    ["POST", "/api/clima-app/state", 405],
    ["DELETE", "/api/clima-app/ledger", 405],
    ["GET", "/api/clima-app/missing", 405],
    ["PUT", "/api", 405],
  ] as const;
  for (const [method, path, status] of refusals) {
    const reply = await board.ask(path, { method });
    expect([method, path, reply.status, reply.headers.get("content-type")]).toEqual([
      ...[method, path, status, "application/problem+json"],
    ]);
  }
  const { headers } = await board.ask("/api/clima-app/missing");
  expect(headers.get("allow")).toBe("POST, OPTIONS");
  const head = await board.ask("/api/clima-app/state", { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  expect(head.headers.get("content-type")).toContain("application/json");
});
