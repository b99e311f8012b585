import { expect, test } from "bun:test";
import { votaciones } from "../../pipelines/votaciones.ts";
import type { BrokerMessage, DeliveredMessage } from "../broker/message.ts";
import type { Delivery } from "../broker/subscriber.ts";
import { newEventId } from "../event/event-id.ts";
import { silentLog } from "../log.ts";
import { embeddedLog } from "../store/embedded/embedded-log.ts";
import { embeddedStore } from "../store/embedded/embedded-store.ts";
import type { EventLog, Sink } from "../store/event-log.ts";
import type { FoldResult } from "../store/store.ts";
import { memoryPublisher } from "../testing/memory-publisher.ts";
import { until } from "../testing/until.ts";
import type { DeadLetter } from "./dead-letter.ts";
import { foldHandler } from "./fold-handler.ts";

const vote = { name: "Soda Stereo", album: "Dynamo", year: "1992", rank: "1" };

function message(body: object, change: Partial<DeliveredMessage> = {}): DeliveredMessage {
  return {
    id: newEventId(),
    body: new TextEncoder().encode(JSON.stringify(body)),
    headers: {},
    timestampMs: undefined,
    offset: undefined,
    redelivered: false,
    ...change,
  };
}

/** The messages as one delivery of partition `t/0`, from offset 0 on. */
function delivery(messages: readonly DeliveredMessage[]): Delivery {
  return {
    range: { partition: "t/0", from: 0, to: messages.length },
    messages: messages.map((each, offset) => ({ ...each, offset })),
    signal: new AbortController().signal,
  };
}

function setUp({ idsMax = 1_000, sink = (log: EventLog): Sink => log } = {}) {
  const store = embeddedStore({ file: ":memory:", idsMax });
  const log = embeddedLog({ file: ":memory:" });
  const deadLetters = memoryPublisher<BrokerMessage>();
  const handler = foldHandler([store, sink(log)], {
    pipeline: votaciones,
    lane: "kafka",
    deadLetters,
    log: silentLog,
  });
  const letters = () =>
    deadLetters.stored.map(
      ({ body }): DeadLetter => JSON.parse(new TextDecoder().decode(body)) as DeadLetter,
    );
  const total = async () => (await store.read({ keys: [{ key: "total", kind: "value" }] })).keys[0];
  const ids = async () => (await log.newest(100)).map(({ id }) => `${id}`);
  return { store, log, handler, letters, total, ids };
}

test("handle() writes an event to the store and the log, once to each whatever comes again", async () => {
  const { handler, total, log } = setUp();
  const batch = delivery([message(vote), message({ ...vote, rank: 2 })]);
  expect(await handler.handle(batch)).toBe(2);
  expect(await handler.handle(batch)).toBe(2);
  expect(await total()).toBe("2");
  const entries = await log.newest(10);
  expect(entries.map(({ record }) => record)).toEqual([{ ...vote, rank: "2" }, vote]);
});

test("handle() leaves out of the log what cannot be decoded and what the store sets aside", async () => {
  const { handler, letters, ids, total } = setUp({ idsMax: 1 });
  const at = (hoursAgo: number) =>
    message(vote, { id: newEventId(Date.now() - hoursAgo * 3_600_000) });
  const [old, newer, late, last] = [at(3), at(1), at(4), at(0)];
  await handler.handle(delivery([old]));
  await handler.handle(delivery([old, newer]));
  await handler.handle(delivery([old, newer, late, message({ name: 1 }), last]));
  expect(letters().map(({ id, reason }) => [reason, id === late.id])).toEqual([
    ["undecodable", false],
    ["late", true],
  ]);
  expect(await total()).toBe("3");
  expect(await ids()).toEqual([`${last.id}`, `${newer.id}`, `${old.id}`]);
});

test("handle() stores one dead letter for an id under another payload, not one for each sink", async () => {
  const { handler, letters, log, total } = setUp();
  const first = message(vote);
  const second = message({ ...vote, rank: "2" }, { id: first.id });
  expect(await handler.handle(delivery([first, second]))).toBe(2);
  expect(letters()).toMatchObject([{ id: first.id, reason: "conflict" }]);
  expect(await total()).toBe("1");
  expect((await log.newest(10)).map(({ record }) => record)).toEqual([vote]);
});

test("handle() sets aside what only the log finds in conflict", async () => {
  const { handler, letters, log, ids } = setUp();
  const event = message(vote);
  const record = { ...vote, rank: "4" };
  await log.apply({
    lane: "kafka",
    range: undefined,
    events: [
      {
        id: event.id ?? newEventId(),
        fingerprint: 0,
        offset: undefined,
        operations: [],
        record,
        setAside: undefined,
      },
    ],
    redelivered: 0,
    unidentified: 0,
  });
  expect(await handler.handle(delivery([event, message(vote)]))).toBe(2);
  expect(letters()).toMatchObject([{ id: event.id, reason: "conflict" }]);
  expect(await ids()).toHaveLength(2);
});

test("handle() does not settle before the log has it, and then each has one effect", async () => {
  let away = true;
  let tries = 0;
  const { handler, total, ids, store } = setUp({
    sink: (log) => ({
      ...log,
      apply: (batch): Promise<FoldResult> => {
        tries += 1;
        return away ? Promise.reject(new Error("no log")) : log.apply(batch);
      },
    }),
  });
  const handled = handler.handle(delivery([message(vote), message(vote)]));
  let settled = false;
  const watched = handled.then(() => {
    settled = true;
  });
  await until("two tries of the log", () => tries >= 2);
  expect([settled, await total(), await ids()]).toEqual([false, "2", []]);
  expect(await handler.resumeFrom(["t/0"])).toEqual(new Map([["t/0", 0]]));
  away = false;
  await watched;
  expect([await handled, await total()]).toEqual([2, "2"]);
  expect(await ids()).toHaveLength(2);
  expect((await store.read({})).lanes.kafka).toMatchObject({ applied: 2, duplicate: 0 });
});

test("resumeFrom() is where the sink stands that has less", async () => {
  const { handler, log, store } = setUp();
  await handler.handle(delivery([message(vote), message(vote)]));
  const more = delivery([message(vote), message(vote), message(vote)]);
  const [event] = more.messages.slice(2);
  await foldHandler([store], {
    pipeline: votaciones,
    lane: "kafka",
    deadLetters: memoryPublisher(),
    log: silentLog,
  }).handle({
    ...more,
    range: { partition: "t/0", from: 2, to: 3 },
    messages: event ? [event] : [],
  });
  expect(await store.cursors(["t/0"])).toEqual(new Map([["t/0", 3]]));
  expect(await log.cursors(["t/0"])).toEqual(new Map([["t/0", 2]]));
  expect(await handler.resumeFrom(["t/0", "t/1"])).toEqual(new Map([["t/0", 2]]));
});

test("what the store had before a crash is not counted again while the log catches up", async () => {
  let gone = true;
  const away = () => Promise.reject(new Error("the process is gone"));
  const { handler, store, total, ids } = setUp({
    sink: (log) => ({ ...log, apply: (batch) => (gone ? away() : log.apply(batch)) }),
  });
  const votes = Array.from({ length: 5 }, () => message(vote, { id: undefined }));
  const stopped = new AbortController();
  const first = handler.handle({ ...delivery(votes.slice(0, 3)), signal: stopped.signal });
  await until("the store to have three votes", async () => (await total()) === "3");
  stopped.abort();
  await expect(first).rejects.toThrow();
  gone = false;
  expect(await handler.resumeFrom(["t/0"])).toEqual(new Map([["t/0", 0]]));
  expect(await handler.handle(delivery(votes))).toBe(5);
  expect(await total()).toBe("5");
  expect((await ids()).length).toBe(5);
  const { lanes } = await store.read({});
  expect(lanes.kafka).toMatchObject({ applied: 5, duplicate: 0, unidentified: 5 });
});
