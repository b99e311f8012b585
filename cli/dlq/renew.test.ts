import { expect, test } from "bun:test";
import { embeddedBroker } from "../../lib/broker/embedded/embedded-broker.ts";
import { publishAll } from "../../lib/broker/testing/messages.ts";
import { deadLetter, deadLetterMessage } from "../../lib/delivery/dead-letter.ts";
import { newEventId } from "../../lib/event/event-id.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import type { LanePlace } from "../places/place.ts";
import { goodBody } from "../testing/laptop-letters.ts";
import type { Selection } from "./arguments.ts";
import { type FoundLetter, lettersIn } from "./find-letters.ts";
import { refusalOf } from "./refusal.ts";
import { renew } from "./renew.ts";

const everything: Selection = {
  ...{ ids: [], reasons: [], lanes: [], olderThanMs: undefined, newerThanMs: undefined },
  limit: undefined,
};

test("a letter under a new id is the only one, and needs none any more, whoever died before it was published", async () => {
  await using broker = embeddedBroker({ file: ":memory:" });
  const place: LanePlace = {
    ...{ pipeline: climaApp, lane: "kafka", letters: broker.deadLetters("kafka.dlq") },
    probe: { kind: "offsets", ends: () => broker.ends("kafka") },
    publisher: () => broker.publisher("kafka"),
  };
  const id = newEventId();
  const at = new Date().toISOString();
  const origin = { pipeline: climaApp.name, lane: "kafka" };
  const original = { body: Buffer.from(goodBody), headers: { a: "1" } };
  const late = deadLetter(original, {
    ...{ id, reason: "late", error: "too old", attempts: 1, origin, firstAt: at, lastAt: at },
  });
  await using publisher = broker.publisher("kafka.dlq");
  await publishAll(publisher, [deadLetterMessage(late)]);
  const waiting = async () => {
    const found: FoundLetter[] = [];
    for await (const each of lettersIn(place, everything, "oldest", Date.now())) found.push(each);
    return found;
  };
  expect(refusalOf((await waiting())[0]?.letter ?? expect.unreachable(), false)).toContain("late");
  await renew(place, await waiting());
  // Here somebody dies: nothing was published yet.
  const [renewed, ...others] = await waiting();
  expect(others).toEqual([]);
  const letter = renewed?.letter ?? expect.unreachable();
  expect(letter).toMatchObject({ reason: "late", formerId: id, headers: { a: "1" } });
  expect(letter.id).not.toBe(id);
  expect(Buffer.from(letter.body).toString()).toBe(goodBody);
  expect(refusalOf(letter, false)).toBeUndefined();
});
