import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { grpcJsClient, grpcJsService } from "../../lib/rpc/testing/grpc-js.ts";
import { serviceProcess } from "../../lib/testing/service-process.ts";
import { until } from "../../lib/testing/until.ts";
import { freePort } from "../../tools/parts/ports.ts";
import type { Ledger } from "../board/ledger.ts";

const main = join(import.meta.dir, "main.ts");
const received = { status: "Tweet recibido y publicado ✅" };
const tweet = { municipality: 2, temperature: 25, humidity: 60, weather: 1 };

/** Ports and a data folder for processes that run one after the other. */
async function place() {
  const dir = mkdtempSync(join(tmpdir(), "all-in-one-"));
  const env = {
    PORT: `${await freePort()}`,
    GRPC_PORT: `${await freePort()}`,
    DATA_DIR: join(dir, "data"),
  };
  return { dir, env, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

async function start(env: Record<string, string>) {
  const process = serviceProcess(main, env);
  const url = `http://127.0.0.1:${env.PORT}`;
  await until("laptop mode to answer", async () => (await fetch(`${url}/health`)).ok);
  const read = async (what: string) => (await fetch(`${url}/api/clima-app/${what}`)).json();
  return {
    ...process,
    url,
    post: (body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${url}/clima`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    state: () => read("state") as Promise<Record<string, unknown>>,
    ledger: () => read("ledger") as Promise<Ledger>,
  };
}

test("POST /clima with numbers and with names is stored once each, also over kill -9", async () => {
  using at = await place();
  {
    await using laptop = await start(at.env);
    const replies = [
      await laptop.post(tweet),
      await laptop.post({ ...tweet, municipality: "Amatitlán", weather: "FOGGY" }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(await Promise.all(replies.map((reply) => reply.json()))).toEqual([received, received]);
  }
  await using laptop = await start(at.env);
  expect((await laptop.post(tweet)).status).toBe(200);
  await until("the lanes to be drained", async () => (await laptop.ledger()).inFlight === 0);
  expect(await laptop.state()).toMatchObject({
    total: "3",
    "reports:municipality": { Guatemala: "2", Amatitlán: "1" },
    "reports:weather": { Soleado: "2", Neblinoso: "1" },
    "municipality:guatemala": { name: "Guatemala", temperature: "25", weather: "Soleado" },
  });
  expect(await laptop.ledger()).toMatchObject({
    accepted: 6,
    stored: 3,
    duplicates: 3,
    deadLettered: 0,
    inFlight: 0,
    closes: true,
  });
}, 30_000);

test("what was acknowledged before kill -9 under load is stored exactly once", async () => {
  using at = await place();
  const acknowledged = new Set<string>();
  {
    await using laptop = await start(at.env);
    const user = async () => {
      while (acknowledged.size < 500) {
        const reply = await laptop.post(tweet).catch(() => undefined);
        const id = reply?.headers.get("idempotency-key");
        if (reply?.ok && id) acknowledged.add(id);
        if (reply === undefined) return;
      }
    };
    const users = Array.from({ length: 20 }, user);
    await until("200 acknowledged tweets", () => acknowledged.size >= 200, { everyMs: 1 });
    laptop.child.kill("SIGKILL");
    await Promise.all(users);
  }
  await using laptop = await start(at.env);
  await until("the lanes to be drained", async () => (await laptop.ledger()).inFlight === 0);
  const ids = [...acknowledged];
  const reply = await fetch(`${laptop.url}/api/clima-app/missing`, {
    method: "POST",
    body: JSON.stringify({ ids }),
  });
  expect(await reply.json()).toEqual({ missing: [] });
  const { stored, closes } = await laptop.ledger();
  expect(stored).toBeGreaterThanOrEqual(ids.length);
  expect(closes).toBe(true);
  expect((await laptop.state()).total).toBe(`${stored}`);
}, 30_000);

test("the same Idempotency-Key has one effect, another body under it none", async () => {
  using at = await place();
  await using laptop = await start(at.env);
  for (const key of ["order-7", Bun.randomUUIDv7()]) {
    const headers = { "idempotency-key": key };
    const replies = [
      await laptop.post(tweet, headers),
      await laptop.post(tweet, headers),
      await laptop.post({ ...tweet, humidity: 61 }, headers),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 422]);
  }
  await until("the lanes to be drained", async () => (await laptop.ledger()).inFlight === 0);
  expect((await laptop.ledger()).stored).toBe(2);
}, 30_000);

test("every route also lives under the pipeline's name, the bare ones as the references have them", async () => {
  using at = await place();
  await using laptop = await start(at.env);
  const get = async (path: string) => (await fetch(laptop.url + path)).text();
  expect(await get("/")).toBe("hola");
  expect(await get("/clima-app/health")).toBe("Estamos vivos, desde el client-go");
  const reply = await fetch(`${laptop.url}/clima-app/tweet`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(tweet),
  });
  expect([reply.status, await reply.json()]).toEqual([202, { status: "ok" }]);
  expect(await get("/metrics")).toContain("tweet_pipeline_published_total");
}, 30_000);

test("all three pipelines are served, bare routes as each reference has them", async () => {
  using at = await place();
  await using laptop = await start(at.env);
  const vote = { name: "Soda Stereo", album: "Dynamo", year: 1992, rank: 1 };
  const ways = [
    ["/tweet", tweet, 202, '{"status":"ok"}'],
    ["/proyecto3/tweet", tweet, 200, '{"status":"ok"}'],
    ["/rust/send_data", vote, 200, "Data sent successfully!"],
    ["/data", vote, 200, '{"message":"Data received and sent to Kafka successfully"}'],
    ["/grpc/insert", vote, 200, '{"message":"Data received and sent to Kafka successfully"}'],
    [
      "/votaciones/grpc/insert",
      vote,
      200,
      '{"message":"Data received and sent to Kafka successfully"}',
    ],
  ] as const;
  for (const [path, body, status, text] of ways) {
    const reply = await fetch(laptop.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect([path, reply.status, await reply.text()]).toEqual([path, status, text]);
  }
  expect((await fetch(`${laptop.url}/grpc`)).status).toBe(200);
  for (const [pipeline, total] of [
    ["clima-app", "1"],
    ["proyecto3", "1"],
    ["votaciones", "4"],
  ]) {
    const read = async (what: string) =>
      (await (await fetch(`${laptop.url}/api/${pipeline}/${what}`)).json()) as Ledger & {
        total: string;
      };
    await until(`${pipeline} to be drained`, async () => (await read("ledger")).inFlight === 0);
    expect([pipeline, (await read("state")).total]).toEqual([pipeline, total]);
  }
}, 30_000);

test("all three gRPC services are served on one port", async () => {
  using at = await place();
  await using _ = await start(at.env);
  const vote = { name: "Soda Stereo", album: "Dynamo", year: "1992", rank: "1" };
  const calls = [
    ["weathertweet/weathertweet.proto", "weathertweet.WeatherTweetService", "SendTweet", tweet],
    ["wethertweet/wethertweet.proto", "wethertweet.WeatherTweetService", "SendTweet", tweet],
    ["confproto/confproto.proto", "confproto.getInfo", "returnInfo", vote],
  ] as const;
  for (const [file, name, method, request] of calls) {
    using client = grpcJsClient(grpcJsService(file, name), `127.0.0.1:${at.env.GRPC_PORT}`);
    const outcome = await client.call(method, request);
    expect([name, outcome.code]).toEqual([name, 0]);
  }
}, 30_000);

test("PREFER_POLICY lets a request choose its lanes, and the reply names what they did", async () => {
  using at = await place();
  await using laptop = await start({ ...at.env, PREFER_POLICY: "1", WRITER_TARGET: "rabbit" });
  const outcomes = async (prefer: string) => {
    const { status, headers } = await laptop.post(tweet, { prefer });
    return [status, headers.get("preference-applied"), headers.get("lane-outcomes")];
  };
  const applied = (policy: string, lanes: string) => [200, `policy=${policy}`, lanes];
  expect(await outcomes("policy=kafka")).toEqual(applied("kafka", "kafka=stored"));
  expect(await outcomes("policy=both")).toEqual(applied("both", "kafka=stored; rabbit=stored"));
  expect(await outcomes("policy=pigeon")).toEqual([200, null, null]);
  await until("the lanes to be drained", async () => (await laptop.ledger()).inFlight === 0);
  const { lanes, stored } = await laptop.ledger();
  expect([lanes.kafka?.published, lanes.rabbit?.published, stored]).toEqual([2, 2, 3]);
}, 30_000);

test("SIGTERM drains and exits 0", async () => {
  using at = await place();
  await using laptop = await start(at.env);
  const posting = Array.from({ length: 50 }, () => laptop.post(tweet));
  await Promise.all(posting);
  laptop.child.kill("SIGTERM");
  expect(await laptop.child.exited).toBe(0);
  expect(await laptop.output).toContain('"message":"stopped"');
}, 30_000);

test("a configuration that cannot be used exits 78 and names every fault", async () => {
  using at = await place();
  await using laptop = serviceProcess(main, { ...at.env, PORT: "http", IDS_MAX: "1" });
  expect(await laptop.child.exited).toBe(78);
  const output = await laptop.output;
  expect(output).toContain('PORT must be a port: current value is \\"http\\"');
  expect(output).toContain("IDS_MAX must be a whole number from 1000");
}, 30_000);

test("a port that is taken ends the start and is named with the variable that moves it", async () => {
  for (const variable of ["PORT", "GRPC_PORT"] as const) {
    using at = await place();
    using taken = Bun.serve({ port: Number(at.env[variable]), fetch: () => new Response() });
    await using laptop = serviceProcess(main, at.env);
    expect(await laptop.child.exited).toBe(1);
    const output = await laptop.output;
    expect(output).toContain(`Cannot listen on port ${taken.port}`);
    expect(output).toContain(`set ${variable} to a free one`);
  }
}, 30_000);

test("a data folder that another process has open ends the start and is named", async () => {
  using at = await place();
  await using _ = await start(at.env);
  const env = { ...at.env, PORT: `${await freePort()}`, GRPC_PORT: `${await freePort()}` };
  await using second = serviceProcess(main, env);
  expect(await second.child.exited).toBe(1);
  expect(await second.output).toContain(`Cannot open the embedded broker in ${at.env.DATA_DIR}`);
}, 30_000);
