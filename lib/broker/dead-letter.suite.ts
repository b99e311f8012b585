import { describe, expect, test } from "bun:test";
import { until } from "../testing/until.ts";
import type { DeadLetterReader } from "./dead-letter-reader.ts";
import type { BrokerMessage } from "./message.ts";
import type { Publisher } from "./publisher.ts";
import type { Subscriber } from "./subscriber.ts";
import { collector } from "./testing/collector.ts";
import { message, messagesOf, publishAll } from "./testing/messages.ts";

/** The dead letters of one lane, of which there are none yet. */
export interface DeadLettersUnderTest extends AsyncDisposable {
  publisher(): Publisher<BrokerMessage>;
  /** Takes the letters, as whoever deals with them does. */
  subscriber(): Subscriber;
  reader(): DeadLetterReader;
}

const looks = 30;
const patiently = { timeoutMs: 20_000 };
const idsOf = (messages: readonly { readonly id: string | undefined }[]) =>
  messages.map(({ id }) => id);

/** Publishes one after the other, so that there is one newest. */
async function setAside(publisher: Publisher<BrokerMessage>, count: number) {
  const sent = messagesOf(count);
  for (const each of sent) {
    await publishAll(publisher, [each]);
    const storedMs = Date.now();
    await until("another millisecond", () => Date.now() > storedMs, { everyMs: 1 });
  }
  return sent;
}

/** What every driver must do. */
export function deadLetterSuite(name: string, open: () => Promise<DeadLettersUnderTest>): void {
  describe(`${name}: dead letters`, () => {
    test("are none where nothing was ever set aside", async () => {
      await using lane = await open();
      await using reader = lane.reader();
      expect(await reader.newest(20)).toEqual([]);
      expect(await reader.waiting()).toBe(0);
    });

    test("are read whole", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      await using reader = lane.reader();
      const body = Uint8Array.from({ length: 512 }, (_, i) => i % 256);
      const sent = message({ body, headers: { reason: "undecodable" } });
      await publishAll(publisher, [sent]);
      const [letter] = await until("the letter", async () => {
        const found = await reader.newest(20);
        return found.length > 0 && found;
      });
      expect(letter?.id).toBe(sent.id);
      expect(letter?.headers).toEqual(sent.headers);
      expect(Buffer.from(letter?.body ?? [])).toEqual(Buffer.from(body));
    });

    test("are read from the newest on, as many as are asked for", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      await using reader = lane.reader();
      const sent = await setAside(publisher, 30);
      const newest = idsOf(sent).reverse();
      await until("all of them", async () => (await reader.newest(100)).length === sent.length);
      expect(idsOf(await reader.newest(100))).toEqual(newest);
      expect(idsOf(await reader.newest(7))).toEqual(newest.slice(0, 7));
      expect(idsOf(await reader.newest(1))).toEqual(newest.slice(0, 1));
      await until("their number", async () => (await reader.waiting()) === sent.length);
    });

    test("that were set aside twice under one id are read once", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      await using reader = lane.reader();
      const [first, second] = messagesOf(2);
      if (first === undefined || second === undefined) throw new Error("Cannot test without them");
      for (const each of [first, first, second]) await publishAll(publisher, [each]);
      await until("both", async () => (await reader.newest(20)).length === 2);
    });

    test(`stay as they are however often they are looked at: ${looks} times`, async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      await using reader = lane.reader();
      const sent = await setAside(publisher, 10);
      await until("all of them", async () => (await reader.newest(20)).length === sent.length);
      for (let look = 0; look < looks; look++) {
        expect(idsOf(await reader.newest(20))).toEqual(idsOf(sent).reverse());
      }
      expect(await reader.waiting()).toBe(sent.length);
      const taken = collector();
      await using _ = await lane.subscriber().subscribe(taken);
      await until("all of them", () => taken.messages.length >= sent.length, patiently);
      expect(taken.messages.length).toBe(sent.length);
      expect(taken.messages.some(({ redelivered }) => redelivered)).toBe(false);
      expect(new Set(idsOf(taken.messages))).toEqual(new Set(idsOf(sent)));
      if (new Set(taken.offered.map(({ range }) => range?.partition)).size === 1) {
        expect(idsOf(taken.messages)).toEqual(idsOf(sent));
      }
    }, 120_000);
  });
}
