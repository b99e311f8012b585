import { expect, test } from "bun:test";
import { connect } from "node:net";
import { openHttpDoor, tweet } from "./testing/clima-door.ts";

const json = JSON.stringify(tweet);

/** Sends bytes as they are and resolves with all that came back until `done` says so, or the connection ends. */
async function raw(
  port: number,
  parts: readonly (string | Uint8Array)[],
  done = /\r\n\r\n.*\}$/s,
): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect(port, "127.0.0.1");
  let got = "";
  socket.on("data", (data) => {
    got += data.toString();
    if (done.test(got)) resolve();
  });
  socket.on("close", resolve);
  socket.on("error", () => resolve());
  for (const part of parts) socket.write(part);
  await promise;
  socket.destroy();
  return got;
}

/** Sends bytes and is gone as soon as they are on their way. */
async function leave(port: number, bytes: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => resolve());
  socket.write(bytes, () => resolve());
  await promise;
  socket.destroy();
}

/** Waits for the connection's end. */
const never = /(?!)/;

const head = (...lines: string[]) =>
  `${["POST /clima HTTP/1.1", "host: localhost", "content-type: application/json", ...lines].join("\r\n")}\r\n\r\n`;

const status = (reply: string) => Number(reply.slice(9, 12));

test("one event over 64 KiB: 413; exactly 64 KiB is read", async () => {
  await using door = openHttpDoor("api");
  const padded = (bytes: number) => json.padEnd(bytes, " ");
  expect((await door.post("/clima", padded(65_536))).status).toBe(200);
  const reply = await door.post("/clima", padded(65_537));
  expect(reply.status).toBe(413);
  expect(reply.headers.get("content-type")).toBe("application/problem+json");
  expect(reply.headers.has("idempotency-key")).toBe(true);
  expect(door.publisher.stored.length).toBe(1);
});

test("200 MB declared: 413 at once, before any of it is sent", async () => {
  await using door = openHttpDoor("api");
  const reply = await raw(door.port, [head("content-length: 200000000")]);
  expect(status(reply)).toBe(413);
  expect(reply).toContain("application/problem+json");
});

test("200 MB declared and sent: 413, and memory stays flat", async () => {
  await using door = openHttpDoor("api");
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 10);
  const chunk = new Uint8Array(1_000_000);
  async function* body() {
    for (let sent = 0; sent < 200; sent += 1) yield chunk;
  }
  const headers = { "content-type": "application/json" };
  const reply = await fetch(`${door.url}/clima`, { method: "POST", headers, body: body() });
  expect(reply.status).toBe(413);
  clearInterval(watch);
  expect(most - before).toBeLessThan(60_000_000);
});

test("chunked without a length: taken up to 64 KiB, 413 as soon as there is more", async () => {
  await using door = openHttpDoor("api");
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
  const start = head("transfer-encoding: chunked");
  const half = json.length / 2;
  const parts = [start, chunk(json.slice(0, half)), chunk(json.slice(half)), "0\r\n\r\n"];
  expect(status(await raw(door.port, parts))).toBe(200);
  const large = chunk("x".repeat(40_000));
  expect(status(await raw(door.port, [start, large, large]))).toBe(413);
  expect(door.publisher.stored.length).toBe(1);
});

test("a connection that got 413 serves its next request", async () => {
  await using door = openHttpDoor("api");
  const parts = [
    head("content-length: 70000"),
    "x".repeat(70_000),
    head(`content-length: ${json.length}`),
    json,
  ];
  const replies = await raw(door.port, parts, /✅"\}$/);
  expect(replies.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 413", "HTTP/1.1 200"]);
});

test("a body that does not arrive within the station's time: 408, and the connection is closed", async () => {
  await using door = openHttpDoor("api", { deadlineMs: 200 });
  for (const start of [head("content-length: 50"), head("transfer-encoding: chunked")]) {
    const reply = await raw(door.port, [start], never);
    expect(status(reply)).toBe(408);
    expect(reply).toContain("too-slow");
  }
});

test("a client that leaves in the middle of a body leaves nothing behind", async () => {
  await using door = openHttpDoor("api");
  const left = [head("content-length: 500"), head("transfer-encoding: chunked")];
  for (const start of left) await leave(door.port, `${start}5\r\n{`);
  expect((await door.post("/clima", tweet)).status).toBe(200);
  expect(door.publisher.stored.length).toBe(1);
});

test("huge headers: 431", async () => {
  await using door = openHttpDoor("api");
  const reply = await raw(door.port, [head(`x-large: ${"y".repeat(70_000)}`)], /\r\n\r\n/);
  expect(status(reply)).toBe(431);
});

test("2,000 bodies of junk: always 400 or 422, never an effect", async () => {
  await using door = openHttpDoor("api");
  const seed = 20_260_101;
  const random = seeded(seed);
  const statuses = new Set<number>();
  for (let at = 0; at < 2_000; at += 1) {
    const body = junk(random);
    const reply = await door.post("/clima", body);
    const { status } = (await reply.json()) as { status: number };
    statuses.add(status);
    if (reply.status !== 400 && reply.status !== 422) {
      throw new Error(`seed ${seed}, body ${at} got ${reply.status}: ${Buffer.from(body)}`);
    }
  }
  expect([...statuses].toSorted()).toEqual([400, 422]);
  expect(door.publisher.stored).toEqual([]);
}, 30_000);

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Random bytes, or a tweet with something wrong in it. */
function junk(random: () => number): string | Uint8Array {
  const below = (limit: number) => Math.floor(random() * limit);
  const wrong = [
    '"25"',
    "25.5",
    "null",
    "1e400",
    "-0.1",
    "[]",
    "{}",
    '"\\ud800"',
    "true",
    "2147483648",
  ];
  switch (below(4)) {
    case 0:
      return Uint8Array.from({ length: below(200) }, () => below(256));
    case 1:
      return json.slice(0, below(json.length));
    case 2: {
      const field = Object.keys(tweet)[below(4)];
      const value = wrong[below(wrong.length)];
      return json.replace(new RegExp(`"${field}":\\d+`), `"${field}":${value}`);
    }
    default: {
      const bytes = Buffer.from(json);
      // Above 0x7e nothing of a tweet can stand.
      bytes[below(bytes.length)] = 0x7f + below(0x80);
      return bytes;
    }
  }
}
