import { expect, test } from "bun:test";
import type { LogMessage } from "../../lib/broker/letter-log.ts";
import { deadLetter, deadLetterMessage } from "../../lib/delivery/dead-letter.ts";
import { newEventId } from "../../lib/event/event-id.ts";
import { letterOf } from "./letter.ts";

const where = { pipeline: "clima-app", lane: "kafka" };
const id = newEventId();
const stored = (body: Uint8Array, given: Partial<LogMessage> = {}): LogMessage => ({
  ...{ id: undefined, headers: {}, timestampMs: 0, offset: 0, redelivered: false },
  body,
  ...given,
});
const shown = (message: LogMessage) => letterOf(where, { id, message, copies: [] });

test("letterOf() shows a letter with the original body as text, cut", () => {
  const body = Buffer.from("ñ🌧".repeat(2_000));
  const times = { firstAt: "2026-01-02T03:04:04.000Z", lastAt: "2026-01-02T03:04:05.678Z" };
  const about = { id, reason: "late", error: "too old", attempts: 3, origin: where } as const;
  const sent = deadLetterMessage(deadLetter({ body, headers: {} }, { ...about, ...times }));
  expect(shown(stored(sent.body))).toEqual({
    ...{ lane: "kafka", id, reason: "late", error: "too old", attempts: 3 },
    ...{ firstAt: times.firstAt, at: times.lastAt },
    body: "ñ🌧".repeat(2_000).slice(0, 2_000),
  });
});

test("letterOf() shows what is no letter of ours as it is", () => {
  const foreign = stored(Buffer.from("\u0000 not ours"), { timestampMs: 1_700_000_000_000 });
  expect(shown(foreign)).toEqual({
    ...{ lane: "kafka", id, reason: "unknown", error: "it is no letter of ours", attempts: 0 },
    ...{ firstAt: "2023-11-14T22:13:20.000Z", at: "2023-11-14T22:13:20.000Z" },
    body: "\u0000 not ours",
  });
});
