import { expect, test } from "bun:test";
import { grpcRoutes } from "../door/grpc-door.ts";
import { climaDoor, openGrpcDoor, tweet } from "../door/testing/clima-door.ts";
import { until } from "../testing/until.ts";
import { grpcServer } from "./grpc-server.ts";
import { grpcJsClient, grpcJsService } from "./testing/grpc-js.ts";
import { flags, frames, h2Field, h2Frame, rawConnection } from "./testing/raw-connection.ts";

const service = grpcJsService(
  "weathertweet/weathertweet.proto",
  "weathertweet.WeatherTweetService",
);

/** The headers of a call: POST, http, and a path that is served. */
const call = Buffer.concat([
  Uint8Array.of(0x83, 0x86),
  h2Field(":path", "/weathertweet.WeatherTweetService/SendTweet"),
  h2Field(":authority", "localhost"),
  h2Field("content-type", "application/grpc"),
  h2Field("te", "trailers"),
]);

/** `ENHANCE_YOUR_CALM`. */
const calm = "goAway 11";

/** Frames by the hundred, until there were as many as told or the connection is over. */
async function flood(
  connection: ReturnType<typeof rawConnection>,
  count: number,
  make: (index: number) => readonly Uint8Array[],
): Promise<void> {
  for (let sent = 0; sent < count && !connection.closed(); sent += 500) {
    connection.send(Array.from({ length: 500 }, (_, index) => make(sent + index)).flat());
    await Bun.sleep(1);
  }
}

/** Whether another client is served. */
async function serves(address: string): Promise<boolean> {
  using user = grpcJsClient(service, address);
  return (await user.call("SendTweet", tweet)).code === 0;
}

for (const [name, count, make] of [
  [
    "calls begun and reset at once (CVE-2023-44487)",
    2_500,
    (index: number) => [
      h2Frame(frames.headers, flags.endHeaders, 2 * index + 1, call),
      h2Frame(frames.reset, flags.none, 2 * index + 1, Uint8Array.of(0, 0, 0, 8)),
    ],
  ],
  ["settings", 500, () => [h2Frame(frames.settings, flags.none, 0)]],
] as const) {
  test(`a flood of ${name} ends with GOAWAY, and others are served`, async () => {
    await using door = await openGrpcDoor("writer");
    using connection = rawConnection(door.port);
    await flood(connection, count, make);
    await until("the connection to be closed", () => connection.closed());
    expect(connection.got).toContain(calm);
    expect(await serves(door.address)).toBe(true);
    expect(door.publisher.stored.length).toBe(1);
  });
}

test("a flood of pings ends the connection, and others are served", async () => {
  await using door = await openGrpcDoor("writer");
  using connection = rawConnection(door.port);
  await flood(connection, 200_000, () => [h2Frame(frames.ping, flags.none, 0, new Uint8Array(8))]);
  await until("the connection to be closed", () => connection.closed());
  expect(await serves(door.address)).toBe(true);
});

test("a thousand calls reset on one connection are none too many: deadlines pass together", async () => {
  await using door = await openGrpcDoor("writer");
  using connection = rawConnection(door.port);
  await flood(connection, 1_000, (index) => [
    h2Frame(frames.headers, flags.endHeaders, 2 * index + 1, call),
    h2Frame(frames.reset, flags.none, 2 * index + 1, Uint8Array.of(0, 0, 0, 8)),
  ]);
  connection.send([h2Frame(frames.ping, flags.none, 0, new Uint8Array(8))]);
  await until("an answer to a ping", () => connection.got.includes("ping"));
  expect(connection.closed()).toBe(false);
});

test("more open calls than a connection may have are refused", async () => {
  await using door = await openGrpcDoor("writer");
  using connection = rawConnection(door.port);
  await flood(connection, 1_500, (index) => [
    h2Frame(frames.headers, flags.endHeaders, 2 * index + 1, call),
  ]);
  await until(
    "refusals",
    () => connection.closed() || connection.got.some((each) => each.startsWith("reset")),
  );
  expect(await serves(door.address)).toBe(true);
});

for (const [name, make] of [
  ["in one frame", [h2Frame(frames.headers, flags.endHeaders, 1, large())]],
  [
    "in continuations without end",
    [
      h2Frame(frames.headers, flags.none, 1, call),
      ...Array.from({ length: 500 }, () => h2Frame(frames.continuation, flags.none, 1, large())),
    ],
  ],
] as const) {
  test(`headers over 16 KiB ${name}: the call is refused, and others are served`, async () => {
    await using door = await openGrpcDoor("writer");
    using connection = rawConnection(door.port);
    connection.send(make);
    const refusal = /^(reset|goAway)/;
    await until("a refusal", () => connection.got.some((each) => refusal.test(each)));
    expect(await serves(door.address)).toBe(true);
  });
}

test("what never says that it speaks HTTP/2 is cut off, and so is what keeps silent", async () => {
  const { options } = climaDoor("writer");
  await using server = await grpcServer({
    port: 0,
    hostname: "127.0.0.1",
    routes: [grpcRoutes(options)],
    messageBytesMax: 65_536,
    sessionTimes: { prefaceMs: 200, idleMs: 1_000 },
  });
  using mute = rawConnection(server.port, "");
  using silent = rawConnection(server.port);
  await until("the mute one to be cut off", () => mute.closed());
  expect(silent.closed()).toBe(false);
  await until("the silent one to be closed", () => silent.closed());
  expect(silent.got).toContain("goAway 0");
});

/** More header bytes than a call may have. */
function large(): Uint8Array {
  return Buffer.concat([
    call,
    ...["a", "b"].map((name) => h2Field(`x-${name}`, "y".repeat(8_000))),
  ]);
}
