import { expect, test } from "bun:test";
import fc from "fast-check";
import type { DeliveredMessage } from "../../../lib/broker/message.ts";
import { deadLetter, deadLetterMessage } from "../../../lib/delivery/dead-letter.ts";
import { decodeDelivery } from "../../../lib/delivery/decode-delivery.ts";
import { readLetter } from "../../../lib/delivery/letter.ts";
import { newEventId } from "../../../lib/event/event-id.ts";
import { pipelines } from "../../../pipelines/all.ts";
import { laneMessages } from "../brokers/lane-message.ts";

const runs = { numRuns: 1_000, seed: 21 };
const idOf = (atMs: number) => newEventId(atMs);

const headers = fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }));
const timestampMs = fc.oneof(fc.constant(undefined), fc.double(), fc.maxSafeInteger());
const key = fc.string({ unit: "binary", maxLength: 2_000 });

function deliveries(body: fc.Arbitrary<Uint8Array>): fc.Arbitrary<DeliveredMessage> {
  return fc.record({
    id: fc.oneof(fc.constant(undefined), fc.nat().map(idOf)),
    key,
    body,
    headers,
    timestampMs,
    offset: fc.oneof(fc.constant(undefined), fc.nat()),
    redelivered: fc.boolean(),
  });
}

for (const pipeline of pipelines) {
  test(`${pipeline.name}: whatever is delivered is decoded or marked, with an id, and never thrown`, () => {
    const messages = laneMessages(pipeline, 100_000);
    fc.assert(
      fc.property(
        messages.chain((made) =>
          deliveries(fc.constant(made.body)).map((message) => ({ ...made, message })),
        ),
        fc.boolean(),
        ({ message, outcome }, hasRange) => {
          const range = hasRange ? { partition: "topic/0", from: 0, to: 1 } : undefined;
          const signal = AbortSignal.any([]);
          const [decoded] = decodeDelivery(pipeline, { messages: [message], range, signal });
          expect(decoded?.event.id).toMatch(/^[0-9a-f-]{36}$/);
          expect(decoded?.error === undefined).toBe(outcome === "good");
          expect(decoded?.event.setAside).toBe(outcome === "good" ? undefined : "undecodable");
        },
      ),
      runs,
    );
  });
}

test("a dead letter of anything fits a broker's message and is read back as it was", () => {
  const about = {
    reason: fc.constantFrom("undecodable", "refused", "late", "conflict"),
    error: fc.string({ unit: "binary", maxLength: 5_000 }),
    attempts: fc.nat(),
  };
  fc.assert(
    fc.property(
      deliveries(fc.uint8Array({ maxLength: 3_000 })),
      fc.record(about),
      fc.constantFrom("kafka", "rabbit"),
      (message, { reason, error, attempts }, lane) => {
        const id = newEventId();
        const origin = { pipeline: "clima-app", lane };
        const at = new Date(0).toISOString();
        const times = { firstAt: at, lastAt: at };
        const letter = deadLetter(message, { id, reason, error, attempts, origin, ...times });
        const stored = deadLetterMessage(letter);
        expect(stored.body.byteLength).toBeLessThan(1_000_000);
        const logged = { ...message, id: stored.id, body: stored.body, headers: stored.headers };
        const read = readLetter({ ...logged, offset: 1, moved: undefined }, newEventId(), origin);
        expect([read.id, read.reason, read.attempts]).toEqual([id, reason, attempts]);
        expect(Buffer.from(read.body).equals(message.body)).toBe(true);
      },
    ),
    { ...runs, numRuns: 500 },
  );
});

test("a letter log with anything in it is read, foreign letters too", () => {
  const moved = fc.oneof(
    fc.constant(undefined),
    fc.record({ why: fc.string({ unit: "binary" }), atMs: fc.double() }),
  );
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 500 }),
    fc.json().map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(deliveries(body), moved, (message, from) => {
      const logged = { ...message, offset: 1, moved: from };
      const origin = { pipeline: "clima-app", lane: "rabbit" };
      const read = readLetter(logged, newEventId(), origin);
      expect(read.reason).toBe(from === undefined ? "unknown" : "undelivered");
      expect(Date.parse(read.firstAt ?? new Date(0).toISOString())).not.toBeNaN();
    }),
    runs,
  );
});
