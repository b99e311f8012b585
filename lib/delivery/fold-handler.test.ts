import { expect, test } from "bun:test";
import { climaApp } from "../../pipelines/clima-app.ts";
import type { BrokerMessage, DeliveredMessage } from "../broker/message.ts";
import type { Delivery } from "../broker/subscriber.ts";
import { newEventId } from "../event/event-id.ts";
import { silentLog } from "../log.ts";
import { embeddedStore } from "../store/embedded/embedded-store.ts";
import type { FoldResult, Store } from "../store/store.ts";
import { memoryPublisher } from "../testing/memory-publisher.ts";
import { until } from "../testing/until.ts";
import type { DeadLetter } from "./dead-letter.ts";
import { eventLines } from "./delivery-report.ts";
import { foldHandler } from "./fold-handler.ts";

const good = { municipio: "Mixco", temperatura: 20, humedad: 50, clima: "Soleado" };

function message(body: unknown, change: Partial<DeliveredMessage> = {}): DeliveredMessage {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    id: newEventId(),
    body: new TextEncoder().encode(text),
    headers: {},
    timestampMs: undefined,
    offset: undefined,
    redelivered: false,
    ...change,
  };
}

function delivery(messages: readonly DeliveredMessage[], change: Partial<Delivery> = {}): Delivery {
  return { range: undefined, messages, signal: new AbortController().signal, ...change };
}

function setUp(stores?: (store: Store) => readonly Store[], idsMax = 1_000) {
  const store = embeddedStore({ file: ":memory:", idsMax });
  const deadLetters = memoryPublisher<BrokerMessage>();
  const lines: string[] = [];
  const handler = foldHandler(stores?.(store) ?? [store], {
    pipeline: climaApp,
    lane: "rabbit",
    deadLetters,
    log: silentLog,
    report: eventLines("Rabbit", (line) => lines.push(line)),
  });
  const letters = () =>
    deadLetters.stored.map(
      ({ body }): DeadLetter => JSON.parse(new TextDecoder().decode(body)) as DeadLetter,
    );
  const total = async () => (await store.read({ keys: [{ key: "total", kind: "value" }] })).keys[0];
  return { store, handler, deadLetters, lines, letters, total };
}

test("handle() folds every message once, a repeated delivery never again", async () => {
  const { handler, total } = setUp();
  const batch = delivery([message(good), message(good)]);
  await handler.handle(batch);
  await handler.handle(batch);
  expect(await total()).toBe("2");
});

test("handle() sets aside what cannot be decoded, with its bytes and reason, and folds the rest", async () => {
  const { handler, letters, lines, total, store } = setUp();
  const poison = message("{ no json", { headers: { origin: "elsewhere" } });
  await handler.handle(delivery([message(good), poison, message({ ...good, humedad: 101 })]));
  expect(await total()).toBe("1");
  expect(letters()).toMatchObject([
    {
      ...{ version: 2, id: poison.id, reason: "undecodable", attempts: 1 },
      ...{ origin: { pipeline: "clima-app", lane: "rabbit" }, headers: { origin: "elsewhere" } },
    },
    { reason: "undecodable", error: expect.stringContaining("humedad must be") },
  ]);
  expect(Buffer.from(letters()[0]?.body ?? "", "base64").toString()).toBe("{ no json");
  expect(lines.filter((line) => line.startsWith("❌ JSON inválido"))).toHaveLength(2);
  expect(lines.filter((line) => line.startsWith("✅ [Rabbit→Valkey]"))).toHaveLength(1);
  expect((await store.read({})).lanes.rabbit).toMatchObject({ applied: 1, undecodable: 2 });
});

test("handle() sets the second payload of an id aside as a conflict", async () => {
  const { handler, letters, total } = setUp();
  const id = newEventId();
  await handler.handle(delivery([message(good, { id })]));
  await handler.handle(delivery([message({ ...good, temperatura: 21 }, { id }), message(good)]));
  expect(await total()).toBe("2");
  expect(letters()).toMatchObject([{ id, reason: "conflict" }]);
});

test("handle() sets aside what is older than the duplicate window, and says that its effect is unknown", async () => {
  const { handler, letters, total, store } = setUp(undefined, 1);
  const hourMs = 3_600_000;
  const at = (hours: number) => message(good, { id: newEventId(Date.now() - hours * hourMs) });
  await handler.handle(delivery([at(3)]));
  await handler.handle(delivery([at(1)]));
  const late = at(4);
  await handler.handle(delivery([late, at(0)]));
  expect(await total()).toBe("3");
  expect(letters()).toMatchObject([
    { id: late.id, reason: "late", error: expect.stringContaining("unknown") },
  ]);
  expect((await store.read({})).lanes.rabbit).toMatchObject({ applied: 3, late: 1 });
});

test("handle() waits until a dead letter is stored before it settles", async () => {
  const { handler, deadLetters, store } = setUp();
  deadLetters.behaviour.fail = "unavailable";
  const settled = handler.handle(delivery([message("junk")]));
  expect((await store.read({})).lanes).toEqual({});
  deadLetters.behaviour.fail = undefined;
  await settled;
  expect(deadLetters.stored).toHaveLength(1);
  expect((await store.read({})).lanes.rabbit?.undecodable).toBe(1);
});

test("handle() waits for a store that is away, and tells what it does", async () => {
  let away = 2;
  const failing = (store: Store): Store => ({
    ...store,
    apply: (batch): Promise<FoldResult> =>
      away-- > 0 ? Promise.reject(new Error("no store")) : store.apply(batch),
  });
  const { handler, total, lines } = setUp((store) => [failing(store)]);
  await handler.handle(delivery([message(good)]));
  expect(await total()).toBe("1");
  expect(lines[0]).toBe("❌ Valkey write [Rabbit→Valkey]: no store");
});

test("handle() sets aside what the store refuses after some tries, and folds the rest", async () => {
  const { handler, letters, total, store } = setUp();
  const push = { op: "push", key: "stats:mixco", value: "junk", maxLength: 1 } as const;
  await store.apply({
    lane: "other",
    range: undefined,
    events: [
      {
        id: newEventId(),
        fingerprint: 0,
        offset: undefined,
        operations: [push],
        record: undefined,
        setAside: undefined,
      },
    ],
    redelivered: 0,
    unidentified: 0,
  });
  await handler.handle(delivery([message(good), message({ ...good, municipio: "Guatemala" })]));
  expect(await total()).toBe("1");
  expect(letters()).toMatchObject([{ reason: "refused", attempts: 5 }]);
});

test("handle() stops when the messages are no longer its own", async () => {
  const revoked = new AbortController();
  const { handler } = setUp((store) => [
    {
      ...store,
      apply: () => {
        revoked.abort();
        return Promise.reject(new Error("no store"));
      },
    },
  ]);
  const settled = handler.handle(delivery([message(good)], { signal: revoked.signal }));
  await expect(settled).rejects.toThrow("its messages are no longer ours");
});

test("handle() continues where the slowest store stands", async () => {
  const second = embeddedStore({ file: ":memory:" });
  const { handler, store } = setUp((first) => [first, second]);
  const range = { partition: "t/0", from: 0, to: 2 };
  const messages = [message(good, { offset: 0 }), message(good, { offset: 1 })];
  expect(await handler.handle(delivery(messages, { range }))).toBe(2);
  const later = { range: { partition: "t/0", from: 5, to: 6 } };
  expect(await handler.handle(delivery([message(good, { offset: 5 })], later))).toBe(2);
  expect(await handler.resumeFrom(["t/0", "t/1"])).toEqual(new Map([["t/0", 2]]));
  expect((await store.read({})).cursors).toEqual(new Map([["t/0", 2]]));
});

test("handle() gives a foreign message on a lane with offsets its position as id", async () => {
  const { handler, total } = setUp();
  const foreign = message(good, { id: undefined, offset: 0, timestampMs: Date.now() });
  const range = { partition: "t/0", from: 0, to: 1 };
  await handler.handle(delivery([foreign], { range }));
  const other = { ...foreign, offset: 0 };
  await handler.handle(delivery([other], { range: { ...range, partition: "t/1" } }));
  await handler.handle(delivery([foreign], { range }));
  expect(await total()).toBe("2");
});

test("handle() counts a foreign message on a lane without offsets as unidentified", async () => {
  const { handler, store } = setUp();
  await handler.handle(delivery([message(good, { id: undefined })]));
  const { lanes } = await store.read({});
  expect(lanes.rabbit).toMatchObject({ applied: 1, unidentified: 1 });
});

test("handle() tells a loss loudly and goes on", async () => {
  const lines: string[] = [];
  const store = embeddedStore({ file: ":memory:" });
  const handler = foldHandler([store], {
    pipeline: climaApp,
    lane: "kafka",
    deadLetters: memoryPublisher(),
    log: { ...silentLog, error: (text, fields) => lines.push(`${text} ${fields?.lost}`) },
  });
  const range = { partition: "t/0", from: 0, to: 11, gap: "lost" } as const;
  await handler.handle(delivery([message(good, { offset: 10 })], { range }));
  await until(
    "the loss in the ledger",
    async () => (await store.read({})).lanes.kafka?.lost === 10,
  );
  expect(lines).toEqual(["messages were gone before they were read 10"]);
});
