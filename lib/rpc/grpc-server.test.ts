import { describe, expect, test } from "bun:test";
import { grpcRoutes } from "../door/grpc-door.ts";
import { climaDoor, openGrpcDoor, tweet } from "../door/testing/clima-door.ts";
import { until } from "../testing/until.ts";
import { grpcServer } from "./grpc-server.ts";
import { grpcJsClient, grpcJsService } from "./testing/grpc-js.ts";
import { frame, type RawCall, rawCall } from "./testing/raw-call.ts";

const path = "/weathertweet.WeatherTweetService/SendTweet";
/** Guatemala, 25 degrees, 60 percent, sunny. */
const good = Buffer.from("08021019183c2001", "hex");
const service = grpcJsService(
  "weathertweet/weathertweet.proto",
  "weathertweet.WeatherTweetService",
);

/** The status and message that bytes on the wire get. */
async function verdict(port: number, call: Partial<RawCall>) {
  const { headers, trailers } = await rawCall(port, { path, ...call });
  const said = { ...headers, ...trailers } as Record<string, unknown>;
  return { code: Number(said["grpc-status"]), message: String(said["grpc-message"]) };
}

describe("malformed frames: INVALID_ARGUMENT, and the server stays up", () => {
  for (const [name, call] of Object.entries({
    "bytes that are no message": { chunks: [frame(Buffer.from("ffffffffff", "hex"))] },
    "a wire type that there is not": { chunks: [frame(Buffer.from("0f", "hex"))] },
    "a truncated length prefix": { chunks: [Uint8Array.of(0, 0)] },
    "a message shorter than its length": { chunks: [frame(good, { length: 10 })] },
    "compressed bytes that are not": {
      chunks: [frame(good, { flag: 1 })],
      headers: { "grpc-encoding": "gzip" },
    },
  })) {
    test(name, async () => {
      await using door = await openGrpcDoor("writer");
      const { code } = await verdict(door.port, call);
      expect(code).toBe(3);
      expect((await verdict(door.port, { chunks: [frame(good)] })).code).toBe(0);
      expect(door.publisher.stored.length).toBe(1);
    });
  }

  test("no message, and two: UNIMPLEMENTED, as gRPC has it", async () => {
    await using door = await openGrpcDoor("writer");
    expect((await verdict(door.port, {})).code).toBe(12);
    expect((await verdict(door.port, { chunks: [frame(good), frame(good)] })).code).toBe(12);
    expect(door.publisher.stored).toEqual([]);
  });
});

describe("one event over 64 KiB: RESOURCE_EXHAUSTED", () => {
  for (const [name, call] of Object.entries({
    "sent whole": { chunks: [frame(Buffer.alloc(65_537))] },
    "4 GiB declared, at once": { chunks: [frame(good, { length: 0xffffffff })], open: true },
    "after decompression": {
      chunks: [frame(Bun.gzipSync(Buffer.alloc(10_000_000)), { flag: 1 })],
      headers: { "grpc-encoding": "gzip" },
    },
  })) {
    test(name, async () => {
      await using door = await openGrpcDoor("writer");
      expect((await verdict(door.port, call)).code).toBe(8);
      expect(door.publisher.stored).toEqual([]);
    });
  }
});

test("wrong method or path: UNIMPLEMENTED; what speaks no gRPC: 415 and 405", async () => {
  await using door = await openGrpcDoor("writer");
  const chunks = [frame(good)];
  for (const wrong of ["/weathertweet.WeatherTweetService/Nope", "/nowhere"]) {
    expect((await verdict(door.port, { path: wrong, chunks })).code).toBe(12);
  }
  const status = async (headers: Record<string, string>, at = path) =>
    (await rawCall(door.port, { path: at, headers })).headers[":status"];
  expect(await status({ "content-type": "application/json" })).toBe(415);
  expect(await status({ "content-type": "application/json" }, "/nowhere")).toBe(415);
  expect(await status({ ":method": "GET" })).toBe(405);
});

test("a service that there is not is UNIMPLEMENTED to a client that hears a status only where the stream ends", async () => {
  await using door = await openGrpcDoor("writer");
  using stranger = grpcJsClient(
    grpcJsService("confproto/confproto.proto", "confproto.getInfo"),
    door.address,
  );
  const { code, details } = await stranger.call("returnInfo", {});
  expect([code, details]).toEqual([12, "no such method"]);
});

test("a message that does not arrive: DEADLINE_EXCEEDED, and the stream is ended", async () => {
  await using door = await openGrpcDoor("writer");
  const { code } = await verdict(door.port, { chunks: [frame(good, { length: 10 })], open: true });
  expect(code).toBe(4);
});

test("a query behind the path leads around no limit", async () => {
  await using door = await openGrpcDoor("writer");
  const asked = { path: `${path}?a=b` };
  expect((await verdict(door.port, { ...asked, chunks: [frame(good)] })).code).toBe(0);
  const unfinished = { ...asked, chunks: [frame(good, { length: 10 })], open: true };
  expect((await verdict(door.port, unfinished)).code).toBe(4);
});

test("messages of failures are readable for clients that decode them sparingly", async () => {
  await using door = await openGrpcDoor("writer");
  door.publisher.behaviour.fail = "invalid";
  const { message } = await verdict(door.port, { chunks: [frame(good)] });
  expect(message).toBe("writer error: told to fail: invalid");
});

test("closing tells clients, finishes what is in flight and takes no more", async () => {
  const door = await openGrpcDoor("writer");
  using user = grpcJsClient(service, door.address);
  const release = Promise.withResolvers<void>();
  door.publisher.behaviour.hold = release.promise;
  const inFlight = user.call("SendTweet", tweet);
  await until("the call to be in flight", () => door.publisher.inFlight === 1);
  const closed = door[Symbol.asyncDispose]();
  using late = grpcJsClient(service, door.address);
  expect((await late.call("SendTweet", tweet, { timeoutMs: 500 })).code).toBe(14);
  release.resolve();
  expect((await inFlight).code).toBe(0);
  await closed;
  expect(door.publisher.stored.length).toBe(1);
});

test("closing does not wait for idle clients", async () => {
  const door = await openGrpcDoor("writer");
  using user = grpcJsClient(service, door.address);
  expect((await user.call("SendTweet", tweet)).code).toBe(0);
  await door[Symbol.asyncDispose]();
});

test("a port that is taken is named", async () => {
  await using door = await openGrpcDoor("writer");
  const { options } = climaDoor("writer");
  const start = grpcServer({
    port: door.port,
    hostname: "127.0.0.1",
    routes: [grpcRoutes(options)],
    messageBytesMax: 65_536,
  });
  await expect(start).rejects.toThrow(`${door.port}`);
});
