import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { until } from "../testing/until.ts";
import { collector } from "./testing/collector.ts";
import type { LaneUnderTest } from "./testing/lane-under-test.ts";
import { missing, startLoad } from "./testing/load.ts";
import { message, messagesOf, outcome, publishAll, soon } from "./testing/messages.ts";

/** A server of a test's own, which can be maltreated. */
export interface ServerUnderTest extends AsyncDisposable {
  readonly child: {
    kill(): Promise<void>;
    start(): Promise<void>;
    freeze(): void;
    unfreeze(): void;
  };
  open(): Promise<LaneUnderTest>;
}

const outageTimeoutMs = 60_000;
/** A call that is answered this long after its deadline was forgotten, on however slow a machine. */
const hangMs = 10_000;

/** What every driver with a server must survive. */
export function brokerOutageSuite(name: string, start: () => Promise<ServerUnderTest>): void {
  describe(`${name}: outages`, () => {
    let server: ServerUnderTest;
    beforeAll(async () => {
      server = await start();
    }, outageTimeoutMs);
    afterAll(() => server[Symbol.asyncDispose]());

    test("SIGKILL under load loses nothing confirmed, and who comes meanwhile waits", async () => {
      await using lane = await server.open();
      await using publisher = lane.publisher();
      const store = collector();
      await using subscription = await lane.subscriber().subscribe(store);
      const load = startLoad(publisher);
      // RabbitMQ forgets a queue that is made anew less than half a second before SIGKILL.
      const oldEnoughAtMs = Date.now() + 1_500;
      await until("traffic", () => Date.now() > oldEnoughAtMs && store.messages.length > 300);
      await server.child.kill();
      await until("the loss to be noticed", async () => !(await publisher.ready()));

      await using late = await server.open();
      await using latePublisher = late.publisher();
      const lateStore = collector();
      await using lateSubscription = await late.subscriber().subscribe(lateStore);
      const short = { deadlineAtMs: Date.now() + 300 };
      expect((await latePublisher.publish([message()], short)).map(outcome)).toEqual([
        "unavailable",
      ]);
      expect(await lateSubscription.ready()).toBe(false);
      const waiting = messagesOf(5);
      const waited = latePublisher.publish(waiting, { deadlineAtMs: Date.now() + 30_000 });

      await server.child.start();
      expect((await waited).map(outcome)).toEqual(waiting.map(() => "stored"));
      await until("the late ones", () => lateStore.ids().size >= 5, { timeoutMs: 30_000 });
      await until("readiness", () => subscription.ready(), { timeoutMs: 30_000 });
      const before = load.acked();
      await until("traffic again", () => load.acked() > before + 300, { timeoutMs: 30_000 });
      const result = await load.stop();
      expect(result.overdueMs).toBeLessThan(hangMs);
      await until("all of them", () => missing(result, store.ids()).length === 0, {
        timeoutMs: 30_000,
      }).catch(() => {});
      expect(missing(result, store.ids())).toEqual([]);
    }, 120_000);

    test("a broker frozen for six seconds makes deadlines strike, and loses nothing", async () => {
      await using lane = await server.open();
      await using publisher = lane.publisher();
      const store = collector();
      await using subscription = await lane.subscriber().subscribe(store);
      const load = startLoad(publisher, { deadlineMs: 1_500 });
      await until("traffic", () => load.acked() > 300 && store.messages.length > 100);
      server.child.freeze();
      await Bun.sleep(6_000);
      server.child.unfreeze();
      const before = load.acked();
      await until("traffic again", () => load.acked() > before + 300, { timeoutMs: 30_000 });
      const result = await load.stop();
      expect(result.unknown.size).toBeGreaterThan(0);
      expect(result.overdueMs).toBeLessThan(hangMs);
      await publishAll(publisher, [message()]);
      await until("all of them", () => missing(result, store.ids()).length === 0, {
        timeoutMs: 30_000,
      }).catch(() => {});
      expect(missing(result, store.ids())).toEqual([]);
      await until("readiness", () => subscription.ready(), { timeoutMs: 30_000 });
      expect((await publisher.publish([message()], soon())).map(outcome)).toEqual(["stored"]);
    }, 120_000);
  });
}
