import { expect, test } from "bun:test";
import type { DeliveredMessage } from "../../lib/broker/message.ts";
import { deadLetterMessage } from "../../lib/delivery/dead-letter.ts";
import { newEventId } from "../../lib/event/event-id.ts";
import { letterOf } from "./letter.ts";

const delivered = (body: string, given: Partial<DeliveredMessage> = {}): DeliveredMessage => ({
  ...{ id: undefined, headers: {}, timestampMs: 0, offset: undefined, redelivered: false },
  body: Buffer.from(body),
  ...given,
});

test("letterOf() reads our envelope and shows the original body as text, cut", () => {
  const id = newEventId();
  const sent = deadLetterMessage({
    ...{ id, reason: "late", error: "too old", attempts: 3, pipeline: "p", lane: "kafka" },
    ...{ position: undefined, at: "2026-01-02T03:04:05.678Z", headers: {} },
    body: Buffer.from("ñ🌧".repeat(2_000)).toString("base64"),
  });
  const letter = letterOf("kafka", delivered(Buffer.from(sent.body).toString()));
  expect(letter).toEqual({
    ...{ lane: "kafka", id, reason: "late", error: "too old", attempts: 3 },
    at: "2026-01-02T03:04:05.678Z",
    body: "ñ🌧".repeat(2_000).slice(0, 2_000),
  });
});

test("letterOf() shows what is no letter of ours as it is", () => {
  const id = newEventId();
  const foreign = delivered("\u0000 not ours", { id, timestampMs: 1_700_000_000_000 });
  expect(letterOf("rabbit", foreign)).toEqual({
    ...{ lane: "rabbit", id, reason: "unknown", error: "it is no letter of ours", attempts: 0 },
    ...{ at: "2023-11-14T22:13:20.000Z", body: "\u0000 not ours" },
  });
  for (const body of ["", "null", "[]", '{"id":1}', '{"body":{}}']) {
    const letter = letterOf("rabbit", delivered(body, { timestampMs: undefined }));
    expect(letter).toMatchObject({ id: "", reason: "unknown", at: "", body });
  }
});
