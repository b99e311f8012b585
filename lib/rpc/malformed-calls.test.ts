import { describe, expect, test } from "bun:test";
import { openGrpcDoor, tweet } from "../door/testing/clima-door.ts";
import { until } from "../testing/until.ts";
import { grpcServer } from "./grpc-server.ts";
import { healthRoutes } from "./health.ts";
import { grpcJsClient, grpcJsService } from "./testing/grpc-js.ts";
import { frame, rawCall } from "./testing/raw-call.ts";
import { flags, frames, h2Field, h2Frame, rawConnection } from "./testing/raw-connection.ts";

const path = "/weathertweet.WeatherTweetService/SendTweet";
/** Guatemala, 25 degrees, 60 percent, sunny. */
const good = Buffer.from("08021019183c2001", "hex");
const service = grpcJsService(
  "weathertweet/weathertweet.proto",
  "weathertweet.WeatherTweetService",
);
const post = Uint8Array.of(0x83, 0x86);
const usual = [h2Field("content-type", "application/grpc"), h2Field("te", "trailers")];

/** Header blocks that HTTP/2 can carry and that no request may have. */
const blocks: Readonly<Record<string, readonly Uint8Array[]>> = {
  "no authority": [post, h2Field(":path", path), ...usual],
  "an authority that is no host": [
    post,
    ...[h2Field(":path", path), h2Field(":authority", "%%%"), ...usual],
  ],
  "a path that makes no address": [
    post,
    ...[h2Field(":path", "//x:99999/"), h2Field(":authority", "x"), ...usual],
  ],
  "a line break in a value": [
    post,
    ...[h2Field(":path", path), h2Field(":authority", "x"), ...usual, h2Field("x", "a\r\nb: c")],
  ],
  "a zero byte in a value": [
    post,
    ...[h2Field(":path", path), h2Field(":authority", "x"), ...usual, h2Field("x", "a\u0000")],
  ],
  "a blank in a name": [
    post,
    ...[h2Field(":path", path), h2Field(":authority", "x"), ...usual, h2Field("x y", "a")],
  ],
  "no name": [
    post,
    ...[h2Field(":path", path), h2Field(":authority", "x"), ...usual, h2Field("", "a")],
  ],
};

describe("headers that make no request end their stream or connection, and others are served", () => {
  for (const [name, fields] of Object.entries(blocks)) {
    test(`${name} (fuzzing, seed 1)`, async () => {
      await using door = await openGrpcDoor("writer");
      using connection = rawConnection(door.port);
      const message = h2Frame(frames.data, flags.endStream, 1, frame(good));
      const block = Buffer.concat([...fields]);
      connection.send([h2Frame(frames.headers, flags.endHeaders, 1, block), message]);
      const isAnswer = (each: string) => /^(headers|reset|goAway)/.test(each);
      await until("an answer", () => connection.closed() || connection.got.some(isAnswer));
      using user = grpcJsClient(service, door.address);
      expect((await user.call("SendTweet", tweet)).code).toBe(0);
    });
  }
});

/** What a call with these headers comes to. */
async function verdict(
  port: number,
  headers: Readonly<Record<string, string>>,
  chunk = frame(good),
): Promise<{ readonly code: number; readonly status: unknown }> {
  const reply = await rawCall(port, { path, chunks: [chunk], headers });
  const said = { ...reply.headers, ...reply.trailers } as Record<string, unknown>;
  return { code: Number(said["grpc-status"]), status: said[":status"] };
}

test("the JSON form of gRPC is not spoken: 415, for its values are looser (fuzzing, seed 20)", async () => {
  await using door = await openGrpcDoor("writer");
  const text = '{"municipality":"2","temperature":"25","humidity":60,"weather":1}';
  for (const type of ["application/grpc+json", "Application/gRPC+JSON; charset=utf-8"]) {
    const { status } = await verdict(door.port, { "content-type": type }, frame(Buffer.from(text)));
    expect(status).toBe(415);
  }
  const proto = await verdict(door.port, { "content-type": "application/grpc+proto" });
  expect(proto.code).toBe(0);
  expect(door.publisher.stored.length).toBe(1);
});

test("a message that says it is compressed, and not how: INVALID_ARGUMENT (fuzzing, seed 20)", async () => {
  await using door = await openGrpcDoor("writer");
  expect((await verdict(door.port, {}, frame(good, { flag: 1 }))).code).toBe(3);
  expect(door.publisher.stored).toEqual([]);
});

test("a client that waits for years is not answered as if it waited for a millisecond (fuzzing, seed 1)", async () => {
  let serving = true;
  await using server = await grpcServer({
    ...{ port: 0, hostname: "127.0.0.1", messageBytesMax: 65_536 },
    routes: [healthRoutes({ serving: async () => serving, services: [] })],
  });
  using connection = rawConnection(server.port);
  const fields = [
    post,
    ...[h2Field(":path", "/grpc.health.v1.Health/Watch"), h2Field(":authority", "x"), ...usual],
    h2Field("grpc-timeout", "99999999S"),
  ];
  const asked = h2Frame(frames.data, flags.endStream, 1, frame(new Uint8Array()));
  connection.send([h2Frame(frames.headers, flags.endHeaders, 1, Buffer.concat(fields)), asked]);
  const told = () => connection.got.filter((each) => each === "data").length;
  await until("the first status", () => told() === 1);
  serving = false;
  await until("the second status", () => told() === 2);
});
