import { expect, test } from "bun:test";
import { metricNames } from "../../lib/metrics.ts";
import { grpcJsClient, grpcJsService } from "../../lib/rpc/testing/grpc-js.ts";
import { place, start, tweet } from "./testing/laptop.ts";

const tweets = grpcJsService("weathertweet/weathertweet.proto", "weathertweet.WeatherTweetService");
const health = grpcJsService("grpc/health/v1/health.proto", "grpc.health.v1.Health");

test("beyond ADMISSION_RATE both doors refuse; health, metrics and the board answer, and metrics tell", async () => {
  using at = await place();
  await using laptop = await start({ ...at.env, ADMISSION_RATE: "5" });
  const replies = await Promise.all(Array.from({ length: 100 }, () => laptop.post(tweet)));
  const stored = replies.filter(({ status }) => status === 200).length;
  const refused = replies.filter(({ status }) => status === 429);
  expect(stored + refused.length).toBe(100);
  expect(refused.length).toBeGreaterThan(50);
  expect(refused.every(({ headers }) => Number(headers.get("retry-after")) >= 1)).toBe(true);

  using user = grpcJsClient(tweets, `127.0.0.1:${at.env.GRPC_PORT}`);
  using probe = grpcJsClient(health, `127.0.0.1:${at.env.GRPC_PORT}`);
  const calls = await Promise.all(Array.from({ length: 50 }, () => user.call("SendTweet", tweet)));
  expect(calls.filter(({ code }) => code === 8).length).toBeGreaterThan(30);
  expect((await probe.call("Check", {})).reply).toEqual({ status: "SERVING" });

  for (const path of ["/health", "/", "/api/clima-app/ledger"]) {
    expect((await fetch(`${laptop.url}${path}`)).status).toBe(200);
  }
  const metrics = await (await fetch(`${laptop.url}/metrics`)).text();
  const admitted = stored + calls.filter(({ code }) => code === 0).length;
  expect(metrics).toContain(`${metricNames.admitted}{pipeline="all"} ${admitted}\n`);
  expect(metrics).toContain(
    `${metricNames.refused}{pipeline="all",reason="rate"} ${150 - admitted}\n`,
  );
  expect(metrics).toContain(`${metricNames.inFlightLimit}{pipeline="all"} 2000\n`);
}, 30_000);
