import { expect, test } from "bun:test";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { grpcJsClient, grpcJsService } from "../../lib/rpc/testing/grpc-js.ts";
import { until } from "../../lib/testing/until.ts";
import { listen } from "../board/testing/events.ts";
import { place, start, tweet } from "./testing/laptop.ts";

const json = { "content-type": "application/json" };

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

test("the board's API, its streams and its description are served beside the doors", async () => {
  using at = await place();
  await using laptop = await start({ ...at.env, CORS_ORIGINS: "*" });
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const reply = await fetch(laptop.url + path, { headers });
    return { status: reply.status, text: await reply.text(), headers: reply.headers };
  };
  expect((await get("/api")).text).toBe("Hello World");
  const { pipelines } = JSON.parse((await get("/api/pipelines")).text);
  expect(pipelines.map(({ name }: { name: string }) => name)).toEqual([
    ...["clima-app", "proyecto3", "votaciones"],
  ]);
  expect(Object.keys(JSON.parse((await get("/openapi/json")).text).paths)).toContain(
    "/api/{pipeline}/snapshot",
  );
  using listener = await listen(`${laptop.url}/api/clima-app/stream`);
  expect((await laptop.post(tweet)).status).toBe(200);
  let snapshot = await listener.snapshot();
  while (snapshot.ledger?.stored !== 1) snapshot = await listener.snapshot();
  expect(snapshot.state?.total).toBe("1");
  const vote = { name: "Soda Stereo", album: "Dynamo", year: "1992", rank: "1" };
  await fetch(`${laptop.url}/data`, { method: "POST", body: JSON.stringify(vote), headers: json });
  const logs = async () => JSON.parse((await get("/api/logs")).text);
  await until("the vote", async () => (await logs()).length === 1);
  expect((await logs())[0]).toMatchObject(vote);
  expect((await get("/api/logs")).headers.get("access-control-allow-origin")).toBe("*");
  // What belongs to the doors stays theirs.
  expect((await get("/")).text).toBe("hola");
  expect((await get("/health")).status).toBe(200);
  const options = await fetch(`${laptop.url}/clima`, { method: "OPTIONS" });
  expect(options.headers.get("allow")).toBe("POST, OPTIONS");
  expect(options.headers.has("access-control-allow-origin")).toBe(false);
  laptop.child.kill("SIGTERM");
  while ((await listener.next()) !== undefined);
  expect(await laptop.child.exited).toBe(0);
}, 30_000);
