import { expect, test } from "bun:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { WeatherTweetRequestSchema } from "../../gen/weathertweet/weathertweet_pb.ts";
import { frame, rawCall } from "../rpc/testing/raw-call.ts";
import { openGrpcDoor, openHttpDoor, tweet } from "./testing/clima-door.ts";

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
