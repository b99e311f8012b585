import { describe, expect, test } from "bun:test";
import { createLog } from "../log.ts";
import { until } from "../testing/until.ts";
import { collector } from "./testing/collector.ts";
import type { LaneUnderTest } from "./testing/lane-under-test.ts";
import { startLoad } from "./testing/load.ts";
import { messagesOf, publishAll } from "./testing/messages.ts";

/** What drivers of lanes with offsets must do: the store's cursor rules. */
export function brokerCursorSuite(name: string, open: () => Promise<LaneUnderTest>): void {
  describe(`${name}: the store's cursor`, () => {
    test("says where a subscription starts, back or ahead", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      const store = collector();
      const sent = messagesOf(30, { key: "one partition" });
      await publishAll(publisher, sent);
      const first = await lane.subscriber().subscribe(store);
      await until("all of them", () => store.ids().size >= 30);
      await first[Symbol.asyncDispose]();
      const [partition = "", end = 0] = [...store.cursors].find(([, next]) => next > 0) ?? [];
      expect(end).toBe(30);
      for (const from of [10, 25]) {
        const again = collector();
        again.cursors.set(partition, from);
        const subscription = await lane.subscriber().subscribe(again);
        await until("the rest", () => again.cursors.get(partition) === 30, { timeoutMs: 20_000 });
        await subscription[Symbol.asyncDispose]();
        expect(again.messages.map(({ id }) => id)).toEqual(sent.slice(from).map(({ id }) => id));
      }
    }, 60_000);

    test("rewinds the lane without traffic when the store came back older", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      const store = collector();
      await using _ = await lane.subscriber({ resyncMs: 100 }).subscribe(store);
      await publishAll(publisher, messagesOf(20, { key: "one partition" }));
      await until("all of them", () => store.messages.length === 20);
      const [partition = ""] = [...store.cursors].find(([, next]) => next > 0) ?? [];
      store.cursors.set(partition, 5);
      await until("the last 15 again", () => store.messages.length === 35);
      expect(store.cursors.get(partition)).toBe(20);
    });

    test("is compared often without disturbing the traffic", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      const lines: string[] = [];
      const log = createLog({}, (line) => lines.push(line));
      const store = collector();
      await using _ = await lane.subscriber({ resyncMs: 10, log }).subscribe(store);
      const load = startLoad(publisher, { loops: 20, batch: 1, pauseMs: 3 });
      await until("traffic", () => load.acked() > 5_000, { timeoutMs: 20_000 });
      const { acked } = await load.stop();
      await until("all of it", () => store.ids().size >= acked.size);
      const offered = store.offered.flatMap(({ messages }) => messages);
      expect(offered.length).toBe(acked.size);
      expect(lines.filter((line) => line.includes(`"level":"error"`))).toEqual([]);
    }, 30_000);

    test("moves on to wherever a handler's answer points", async () => {
      await using lane = await open();
      await using publisher = lane.publisher();
      await publishAll(publisher, messagesOf(30, { key: "one partition" }));
      const seen: number[] = [];
      const inner = collector();
      await using _ = await lane.subscriber({ batchMax: 10 }).subscribe({
        resumeFrom: inner.resumeFrom,
        async handle({ range, messages }) {
          seen.push(...messages.map(({ offset }) => offset ?? -1));
          // The first ten are taken, the second ten belong to somebody who applied up to 25.
          return range?.from === 10 ? 25 : range?.to;
        },
      });
      await until("the end", () => seen.includes(29));
      expect(seen.filter((offset) => offset >= 20)).toEqual([25, 26, 27, 28, 29]);
    });
  });
}
