import { describe, expect, test } from "bun:test";
import { createLog } from "../log.ts";
import { until } from "../testing/until.ts";
import { brokerCursorSuite } from "./broker-cursor.suite.ts";
import type { BrokerMessage } from "./message.ts";
import { collector } from "./testing/collector.ts";
import type { LaneUnderTest } from "./testing/lane-under-test.ts";
import { message, messagesOf, outcome, publishAll, soon } from "./testing/messages.ts";

/** A driver and what it does differently. */
export interface BrokerUnderTest {
  readonly name: string;
  open(): Promise<LaneUnderTest>;
  /** Deliveries have ranges, and the store's cursor rules. */
  readonly offsets: boolean;
  /** Messages of one key arrive in the order in which they were published. */
  readonly keyOrder: boolean;
}

/** What every driver must do. */
export function brokerSuite({ name, open, offsets, keyOrder }: BrokerUnderTest): void {
  describe(`${name}: publish()`, () => {
    test("delivers a message whole: id, bytes, headers, time", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      const store = collector();
      await using _ = await lane.subscriber().subscribe(store);
      const body = Uint8Array.from({ length: 512 }, (_, i) => i % 256);
      const headers = { traceparent: "00-ab-cd-01", país: "amatitlán ✅" };
      const sent = message({ body, headers, key: "chinautla" });
      const empty = message({ body: new Uint8Array() });
      const beganMs = Date.now();
      await publishAll(publisher, [sent, empty]);
      await until("both messages", () => store.messages.length >= 2);
      const got = store.messages.find(({ id }) => id === sent.id);
      expect(Buffer.from(got?.body ?? [])).toEqual(Buffer.from(body));
      expect(got?.headers).toEqual(headers);
      expect(got?.redelivered).toBe(false);
      expect(Math.abs((got?.timestampMs ?? 0) - beganMs)).toBeLessThan(10_000);
      expect(store.messages.find(({ id }) => id === empty.id)?.body.byteLength).toBe(0);
    });

    test("stores each of 1,000 messages published at once", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      const store = collector();
      await using _ = await lane.subscriber().subscribe(store);
      const sent = messagesOf(1_000);
      await Promise.all(sent.map((one) => publishAll(publisher, [one])));
      await until("all of them", () => store.ids().size >= sent.length);
      expect(store.ids()).toEqual(new Set(sent.map(({ id }) => id)));
    });

    // Where a lane does not promise this there is nothing to test.
    if (keyOrder)
      test("keeps the order of each key, within a call and over calls", async () => {
        await using lane = await open();
        await using publisher = lane.publisher();
        const store = collector();
        await using _ = await lane.subscriber().subscribe(store);
        const keys = ["1", "2", "3", "4"];
        const sent: BrokerMessage[] = [];
        for (let call = 0; call < 10; call++) {
          const messages = keys.flatMap((key) => messagesOf(10, { key }));
          sent.push(...messages);
          await publishAll(publisher, messages);
        }
        await until("all of them", () => store.ids().size >= sent.length);
        for (const key of keys) {
          const wanted = sent.filter((one) => one.key === key).map(({ id }) => id);
          const got = store.messages.flatMap(({ id }) => (id && wanted.includes(id) ? [id] : []));
          expect(got).toEqual(wanted);
        }
      });

    test("answers for each event, in order, and with nothing for nothing", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      expect(await publisher.publish([], soon())).toEqual([]);
      const huge = message({ body: new Uint8Array(2_000_000) });
      const results = await publisher.publish([message(), huge, message()], soon());
      expect(results.map(outcome)).toEqual(["stored", "invalid", "stored"]);
    });

    test("refuses a passed deadline, without an effect", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      const store = collector();
      await using _ = await lane.subscriber().subscribe(store);
      const late = messagesOf(3);
      const results = await publisher.publish(late, { deadlineAtMs: Date.now() - 1 });
      expect(results.map(outcome)).toEqual(["deadline", "deadline", "deadline"]);
      const good = message();
      await publishAll(publisher, [good]);
      await until("the good one", () => store.ids().has(good.id));
      expect(store.ids()).toEqual(new Set([good.id]));
    });

    test("refuses as overloaded what its queue cannot hold, without an effect", async () => {
      await using lane = await open();
      await using publisher = lane.publisher({ queueMax: 10 });
      const store = collector();
      await using _ = await lane.subscriber().subscribe(store);
      const sent = messagesOf(30);
      const results = await publisher.publish(sent, soon());
      const stored = sent.filter((_, i) => results[i]?.stored);
      expect(results.map(outcome).filter((code) => code === "overloaded")).toHaveLength(20);
      const last = message();
      await publishAll(publisher, [last]);
      await until("the stored ones", () => store.ids().size >= stored.length + 1);
      expect(store.ids()).toEqual(new Set([...stored, last].map(({ id }) => id)));
    });

    test("is waited for by dispose(), and answers unavailable afterwards", async () => {
      await using lane = await open();
      const publisher = lane.publisher();
      const inFlight = publisher.publish(messagesOf(50), soon());
      await publisher[Symbol.asyncDispose]();
      expect((await inFlight).every(({ stored }) => stored)).toBe(true);
      expect((await publisher.publish([message()], soon())).map(outcome)).toEqual(["unavailable"]);
    });

    test("is ready when the broker answers", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      await until("readiness", () => publisher.ready());
    });
  });

  describe(`${name}: subscribe()`, () => {
    test("delivers again what a handler rejects", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      const lines: string[] = [];
      const store = collector((_, times) => {
        if (times <= 3) throw new Error("the store is away");
      });
      const log = createLog({}, (line) => lines.push(line));
      await using _ = await lane.subscriber({ pauseMs: 10, log }).subscribe(store);
      const sent = messagesOf(20);
      await publishAll(publisher, sent);
      await until("all of them", () => store.ids().size >= sent.length);
      expect(lines.join()).toContain("the store is away");
    });

    test("hands over one delivery at a time per partition, none larger than batchMax", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      await publishAll(publisher, messagesOf(300));
      const busy = new Map<string, number>();
      let most = 0;
      const store = collector(async ({ range }) => {
        const partition = range?.partition ?? "";
        const now = (busy.get(partition) ?? 0) + 1;
        busy.set(partition, now);
        most = Math.max(most, now);
        await Bun.sleep(1);
        busy.set(partition, now - 1);
      });
      await using _ = await lane.subscriber({ batchMax: 20 }).subscribe(store);
      await until("all of them", () => store.ids().size >= 300);
      expect(most).toBe(1);
      expect(Math.max(...store.offered.map(({ messages }) => messages.length))).toBe(20);
    });

    test("delivers to the next subscription what was not settled at the end", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      const sent = messagesOf(20);
      await publishAll(publisher, sent);
      const hung = collector(
        ({ signal }) =>
          new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      );
      const first = await lane.subscriber({ closeTimeoutMs: 50 }).subscribe(hung);
      await until("a delivery", () => hung.offered.length > 0);
      await first[Symbol.asyncDispose]();
      expect(hung.offered.every(({ signal }) => signal.aborted)).toBe(true);
      const store = collector();
      await using _ = await lane.subscriber().subscribe(store);
      await until("all of them", () => store.ids().size >= sent.length, { timeoutMs: 20_000 });
    }, 30_000);

    test("lets the delivery in hand finish when it is disposed", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      let finished = 0;
      const store = collector(async () => {
        await Bun.sleep(200);
        finished += 1;
      });
      const subscription = await lane.subscriber().subscribe(store);
      await publishAll(publisher, [message()]);
      await until("the delivery", () => store.offered.length > 0);
      await subscription[Symbol.asyncDispose]();
      expect(finished).toBe(1);
      expect(await subscription.ready()).toBe(false);
    });
  });

  if (offsets) brokerCursorSuite(name, open);
}
