import { expect, test } from "bun:test";
import type { LogMessage } from "../broker/letter-log.ts";
import { newEventId } from "../event/event-id.ts";
import { deadLetter, deadLetterMessage } from "./dead-letter.ts";
import { readLetter } from "./letter.ts";

const id = newEventId();
const where = { pipeline: "clima-app", lane: "kafka" };
const about = {
  ...({ id, reason: "refused", error: "no room", attempts: 5 } as const),
  origin: { ...where, position: { partition: "t/0", offset: 7 } },
  ...{ firstAt: "2026-01-02T03:04:04.000Z", lastAt: "2026-01-02T03:04:05.000Z" },
};
const stored = (body: Uint8Array, given: Partial<LogMessage> = {}): LogMessage => ({
  ...{ id: undefined, headers: {}, timestampMs: 0, offset: 0, redelivered: false },
  body,
  ...given,
});
const read = (message: LogMessage) => readLetter(message, id, where);
const nothing = { editedAt: undefined, formerId: undefined };

test("a letter is read as it was written: bytes, headers, key, origin, times", () => {
  const body = Uint8Array.from({ length: 256 }, (_, i) => i);
  const original = { body, headers: { traceparent: "00-1", país: "✅" }, key: "Mixco" };
  const message = deadLetterMessage(deadLetter(original, about));
  expect([message.id, message.headers]).toEqual([id, { reason: "refused" }]);
  const letter = read(stored(message.body));
  expect({ ...letter, body: undefined }).toEqual({
    ...about,
    ...nothing,
    ...{ headers: original.headers, key: "Mixco", body: undefined, bodyBytes: 256, cut: [] },
  });
  expect(Buffer.from(letter.body)).toEqual(Buffer.from(body));
});

test("a letter has its limits, whatever the message is, and says what was cut", () => {
  const original = {
    body: Buffer.alloc(16_777_216, 255),
    headers: { small: "1", ...Object.fromEntries([["large", "\u0000".repeat(20_000)]]), last: "2" },
    key: "\u0001".repeat(5_000),
  };
  const message = deadLetterMessage(
    deadLetter(original, { ...about, error: "\u0002".repeat(9_000) }),
  );
  // What a publisher takes by default, with its own measure of a message.
  expect(message.body.byteLength).toBeLessThan(850_000);
  const letter = read(stored(message.body));
  expect(letter).toMatchObject({
    ...{ bodyBytes: 16_777_216, headers: { small: "1" } },
    cut: ["body", "headers", "key", "error"],
  });
  expect(letter.body.byteLength).toBe(524_288);
});

test("a letter of the first version is read, its one time standing for both", () => {
  const first = {
    ...{ id, reason: "undecodable", error: "JSON Parse error", attempts: 1 },
    ...{ pipeline: "votaciones", lane: "rabbit", position: { partition: "t/2", offset: 41 } },
    ...{ at: "2026-01-02T03:04:05.678Z", headers: { origin: "elsewhere" } },
    body: Buffer.from("{ no json").toString("base64"),
  };
  const letter = read(stored(Buffer.from(JSON.stringify(first))));
  expect({ ...letter, body: Buffer.from(letter.body).toString() }).toEqual({
    ...nothing,
    ...{ id, reason: "undecodable", error: "JSON Parse error", attempts: 1 },
    origin: { pipeline: "votaciones", lane: "rabbit", position: first.position },
    ...{ firstAt: first.at, lastAt: first.at, key: undefined, headers: first.headers },
    ...{ body: "{ no json", bodyBytes: 9, cut: [] },
  });
});

test("a message that the broker itself moved is a letter, body and headers as they were", () => {
  const moved = { why: "delivery_limit", atMs: 1_700_000_000_000 };
  const letter = read(stored(Buffer.from("poison"), { moved, headers: { a: "1" } }));
  expect(letter).toMatchObject({
    ...{ id, reason: "undelivered", attempts: 0, origin: where, headers: { a: "1" } },
    error: "the broker set it aside itself: delivery limit",
    firstAt: "2023-11-14T22:13:20.000Z",
  });
  expect(Buffer.from(letter.body).toString()).toBe("poison");
});

test("what is no letter is one of reason unknown, and never a fault", () => {
  const bodies = [
    "",
    "null",
    "[]",
    "7",
    '{"id":1}',
    '{"body":{}}',
    JSON.stringify({ id, body: "" }),
  ];
  for (const body of bodies) {
    const letter = read(stored(Buffer.from(body), { timestampMs: undefined }));
    expect(letter).toMatchObject({ id, reason: "unknown", firstAt: undefined, attempts: 0 });
    expect(Buffer.from(letter.body).toString()).toBe(body);
  }
  const odd = {
    ...about,
    body: "",
    headers: { a: 1, b: "2" },
    cut: ["body", "moon"],
    bodyBytes: "x",
  };
  expect(read(stored(Buffer.from(JSON.stringify(odd))))).toMatchObject({
    ...{ reason: "refused", headers: { b: "2" }, cut: ["body"], bodyBytes: 0 },
  });
});

test("a letter whose broker tells a time that no date has is read without one (fuzzing, seed 21)", () => {
  const [body, atMs] = [Buffer.from("x"), 2 ** 64 * 1_000];
  for (const given of [{ timestampMs: atMs }, { moved: { why: "expired", atMs } }]) {
    expect(read(stored(body, given))).toMatchObject({ firstAt: undefined, lastAt: undefined });
  }
});
