import { expect, test } from "bun:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { WeatherTweetRequestSchema } from "../../gen/weathertweet/weathertweet_pb.ts";
import { frame, rawCall } from "../rpc/testing/raw-call.ts";
import { openGrpcDoor, openHttpDoor, tweet } from "./testing/clima-door.ts";
import { bearer, keyed } from "./testing/keyed-doors.ts";

const method = "/weathertweet.WeatherTweetService/SendTweet";

test("HTTP and gRPC take and refuse the same values", async () => {
  await using http = openHttpDoor("api");
  await using grpc = await openGrpcDoor("writer");
  const edges: Record<keyof typeof tweet, readonly number[]> = {
    municipality: [-1, 0, 1, 4, 5, 2_147_483_647],
    temperature: [-2_147_483_648, -51, -50, 0, 60, 61],
    humidity: [-1, 0, 100, 101],
    weather: [-1, 0, 1, 4, 5],
  };
  const verdicts: Record<string, boolean> = {};
  for (const [field, values] of Object.entries(edges)) {
    for (const value of values) {
      const body = { ...tweet, [field]: value };
      const { status } = await http.post("/clima", body);
      const bytes = toBinary(WeatherTweetRequestSchema, create(WeatherTweetRequestSchema, body));
      const { headers, trailers } = await rawCall(grpc.port, {
        path: method,
        chunks: [frame(bytes)],
      });
      const code = trailers["grpc-status"] ?? headers["grpc-status"];
      expect([200, 422]).toContain(status);
      expect(`${field} ${value} ${code}`).toBe(`${field} ${value} ${status === 200 ? "0" : "3"}`);
      verdicts[`${field} ${value}`] = status === 200;
    }
  }
  expect(Object.keys(verdicts).filter((each) => verdicts[each])).toEqual([
    "municipality 1",
    "municipality 4",
    "temperature -50",
    "temperature 0",
    "temperature 60",
    "humidity 0",
    "humidity 100",
    "weather 1",
    "weather 4",
  ]);
  expect(http.publisher.stored.length).toBe(9);
  expect(grpc.publisher.stored.length).toBe(9);
});

test("HTTP and gRPC take and refuse the same clients, whatever their events are", async () => {
  using at = await keyed("until=2026-01-01T00:00:00Z");
  await using http = openHttpDoor("api", at.door);
  await using grpc = await openGrpcDoor("writer", at.door);
  const senders: Record<string, Record<string, string>> = {
    nobody: {},
    known: bearer(at.app),
    "known by x-api-key": { "x-api-key": at.app },
    unknown: bearer(`${at.app}x`),
    ended: bearer(at.web),
    "without a scheme": { authorization: at.app },
    "of another scheme": { authorization: `Basic ${at.app}` },
  };
  const codes: Readonly<Record<number, string>> = { 200: "0", 422: "3", 401: "16" };
  const verdicts: string[] = [];
  for (const [name, sender] of Object.entries(senders)) {
    for (const body of [tweet, { ...tweet, humidity: 101 }]) {
      const { status } = await http.post("/clima", body, sender);
      const bytes = toBinary(WeatherTweetRequestSchema, create(WeatherTweetRequestSchema, body));
      const call = { path: method, headers: sender, chunks: [frame(bytes)] };
      const { headers, trailers } = await rawCall(grpc.port, call);
      expect(`${name}: ${trailers["grpc-status"] ?? headers["grpc-status"]}`).toBe(
        `${name}: ${codes[status]}`,
      );
      verdicts.push(`${name}: ${status}`);
    }
  }
  expect(verdicts.filter((each) => !each.endsWith("401"))).toEqual([
    "known: 200",
    "known: 422",
    "known by x-api-key: 200",
    "known by x-api-key: 422",
  ]);
  expect(http.publisher.stored.length).toBe(2);
  expect(grpc.publisher.stored.length).toBe(2);
});
