import { expect, test } from "bun:test";
import { appendFileSync } from "node:fs";
import { keysFile, testKey } from "../../lib/auth/testing/keys.ts";
import { bearer } from "../../lib/door/testing/keyed-doors.ts";
import { metricNames } from "../../lib/metrics.ts";
import { grpcJsClient, grpcJsService } from "../../lib/rpc/testing/grpc-js.ts";
import { serviceProcess } from "../../lib/testing/service-process.ts";
import { until } from "../../lib/testing/until.ts";
import { main, place, start, tweet } from "./testing/laptop.ts";

const tweets = grpcJsService("weathertweet/weathertweet.proto", "weathertweet.WeatherTweetService");
const health = grpcJsService("grpc/health/v1/health.proto", "grpc.health.v1.Health");

test("laptop mode asks for keys at every door of every pipeline; page, board, texts, health and metrics are for everybody", async () => {
  const [web, late] = [testKey("web"), testKey("app")];
  using keys = keysFile(web.line);
  using at = await place();
  await using laptop = await start({ ...at.env, API_KEYS_FILE: keys.file });
  const vote = { name: "Soda Stereo", album: "Dynamo", year: "1992", rank: "1" };
  const doors = [
    ["/clima", tweet],
    ["/clima-app/tweet", tweet],
    ["/proyecto3/tweet", tweet],
    ["/rust/send_data", vote],
    ["/data", vote],
    ["/grpc/insert", vote],
  ] as const;
  const post = (path: string, body: unknown, headers: Record<string, string>) =>
    fetch(laptop.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  for (const [path, body] of doors) {
    const statuses = [
      (await post(path, body, {})).status,
      (await post(path, body, bearer(late.key))).status,
      (await post(path, body, bearer(web.key))).ok,
    ];
    expect([path, ...statuses]).toEqual([path, 401, 401, true]);
  }
  using user = grpcJsClient(tweets, `127.0.0.1:${at.env.GRPC_PORT}`);
  using probe = grpcJsClient(health, `127.0.0.1:${at.env.GRPC_PORT}`);
  const call = async (metadata: Record<string, string>) =>
    (await user.call("SendTweet", tweet, { metadata })).code;
  expect([await call({}), await call(bearer(web.key))]).toEqual([16, 0]);
  expect((await probe.call("Check", {})).reply).toEqual({ status: "SERVING" });
  for (const path of ["/", "/health", "/grpc", "/api/clima-app/ledger", "/metrics"]) {
    expect([path, (await fetch(laptop.url + path)).status]).toEqual([path, 200]);
  }
  appendFileSync(keys.file, `${late.line}\n`);
  await until("the other client to be let in", async () => (await call(bearer(late.key))) === 0);
  await until("the lanes to be drained", async () => (await laptop.ledger()).inFlight === 0);
  // Of clima-app: /clima, /tweet, and a call of each client.
  expect((await laptop.ledger()).stored).toBe(4);
  const metrics = await (await fetch(`${laptop.url}/metrics`)).text();
  expect(metrics).toMatch(
    new RegExp(`${metricNames.refused}\\{pipeline="all",reason="unauthenticated"\\} \\d\\d+\n`),
  );
}, 30_000);

test("a rate without keys, and keys that cannot be read, end the start with 78", async () => {
  for (const [env, fault] of [
    [{ CLIENT_RATE: "5" }, "CLIENT_RATE is of no use without API_KEYS_FILE"],
    [{ API_KEYS_FILE: "/nowhere/keys" }, "API_KEYS_FILE"],
  ] as const) {
    using at = await place();
    await using laptop = serviceProcess(main, { ...at.env, ...env });
    expect(await laptop.child.exited).toBe(78);
    expect(await laptop.output).toContain(fault);
  }
}, 30_000);
