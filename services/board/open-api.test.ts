import { expect, test } from "bun:test";
import { until } from "../../lib/testing/until.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import type { JsonSchema } from "./json-schema.ts";
import { listen } from "./testing/events.ts";
import { schemaFaults } from "./testing/matches-schema.ts";
import { smallBoard, vote } from "./testing/small-board.ts";

interface Described {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
      }
    >
  >;
}

interface Description {
  readonly openapi: string;
  readonly info: Readonly<Record<string, unknown>>;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

type Board = Awaited<ReturnType<typeof smallBoard>>;

const describedBy = async (board: Board, path = "/openapi/json") =>
  (await board.ask(path)).json() as Promise<Description>;

test("GET /openapi leads to an OpenAPI 3.1 document of every route", async () => {
  await using board = await smallBoard(climaApp, { basePath: "/board" });
  for (const [path, location] of [
    ["/openapi", "openapi/json"],
    ["/board/openapi/", "json"],
  ] as const) {
    const reply = await board.ask(path);
    expect([reply.status, reply.headers.get("location")]).toEqual([302, location]);
  }
  const description = await describedBy(board);
  expect(description.openapi).toStartWith("3.1.");
  expect(description.info).toMatchObject({
    title: expect.any(String),
    version: expect.any(String),
  });
  expect(Object.keys(description.paths).sort()).toEqual([
    "/api",
    "/api/logs",
    "/api/pipelines",
    "/api/{pipeline}/dead-letters",
    "/api/{pipeline}/ledger",
    "/api/{pipeline}/logs",
    "/api/{pipeline}/missing",
    "/api/{pipeline}/snapshot",
    "/api/{pipeline}/state",
    "/api/{pipeline}/stream",
    "/openapi",
    "/openapi/json",
  ]);
  const ids = Object.values(description.paths).flatMap((item) =>
    Object.values(item).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  expect(description.servers).toEqual([{ url: "/" }]);
  expect((await describedBy(board, "/board/openapi/json")).servers).toEqual([{ url: "/board" }]);
});

test("every schema that the document names is there", async () => {
  await using board = await smallBoard(climaApp);
  const description = await describedBy(board);
  const named = JSON.stringify(description).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
  const missing = [...named].filter(([, name = ""]) => !(name in description.components.schemas));
  expect(missing).toEqual([]);
});

test("what routes answer is what the document says, refusals included", async () => {
  await using board = await smallBoard(votaciones);
  await board.publish("kafka", vote);
  await board.publish("kafka", "no json");
  const { paths, components } = await describedBy(board);
  const faultsOf = async (path: string, place: string, init?: RequestInit) => {
    const reply = await board.ask(path, init);
    const told = paths[place]?.[init?.method?.toLowerCase() ?? "get"]?.responses[reply.status];
    const type = reply.headers.get("content-type")?.replace(/;.*/, "") ?? "";
    const schema = told?.content?.[type]?.schema;
    if (schema === undefined) return [`${path}: ${reply.status} ${type} is not described`];
    const value = type.endsWith("json") ? await reply.json() : await reply.text();
    return schemaFaults(value, schema, components.schemas).map((fault) => `${path}: ${fault}`);
  };
  const post = (body: string) => ({ method: "POST", body });
  const id = crypto.randomUUID();
  const asked = async () => [
    await faultsOf("/api", "/api"),
    await faultsOf("/api/pipelines", "/api/pipelines"),
    await faultsOf("/api/logs", "/api/logs"),
    await faultsOf("/api/logs?limit=x", "/api/logs"),
    await faultsOf("/api/votaciones/logs", "/api/{pipeline}/logs"),
    await faultsOf("/api/votaciones/state", "/api/{pipeline}/state"),
    await faultsOf("/api/votaciones/ledger", "/api/{pipeline}/ledger"),
    await faultsOf("/api/votaciones/snapshot", "/api/{pipeline}/snapshot"),
    await faultsOf("/api/votaciones/dead-letters", "/api/{pipeline}/dead-letters"),
    await faultsOf("/api/votaciones/dead-letters?limit=0", "/api/{pipeline}/dead-letters"),
    await faultsOf("/api/other/snapshot", "/api/{pipeline}/snapshot"),
    await faultsOf("/api/votaciones/missing", "/api/{pipeline}/missing", post("{")),
    await faultsOf("/api/votaciones/missing", "/api/{pipeline}/missing", post("{}")),
    await faultsOf(
      "/api/votaciones/missing",
      "/api/{pipeline}/missing",
      post(JSON.stringify({ ids: [Bun.randomUUIDv7()] })),
    ),
  ];
  const letters = async () =>
    ((await (await board.ask("/api/votaciones/dead-letters")).json()) as { letters: unknown[] })
      .letters.length;
  await until("a letter", async () => (await letters()) === 1);
  expect((await asked()).flat()).toEqual([]);
  using listener = await listen(`${board.url}/api/votaciones/stream`);
  const snapshot = components.schemas.Snapshot ?? {};
  expect(schemaFaults(await listener.snapshot(), snapshot, components.schemas)).toEqual([]);
  for (const part of Object.values(board.parts)) part.away = true;
  expect((await asked()).flat()).toEqual([]);
  expect(schemaFaults({ id }, snapshot, {})).toContain("$.state is missing");
});
