import { describe, expect, test } from "bun:test";
import { turn } from "../testing/turn.ts";
import { until } from "../testing/until.ts";
import { type BatchQueueOptions, batchQueue } from "./batch-queue.ts";
import { PublishError } from "./publish-error.ts";
import type { PublishResult } from "./publisher.ts";
import { outcome, soon } from "./testing/messages.ts";

const stored: PublishResult = { stored: true };
const failure = (code: PublishError["code"]): PublishResult => ({
  stored: false,
  error: new PublishError(code, `the broker said ${code}`),
});
const inMs = (ms: number) => ({ deadlineAtMs: Date.now() + ms });

/** A queue of numbers (their value is their size) that records its batches; `answer` decides each one's fate. */
function recorded(
  answer: (event: number, batch: number) => PublishResult | Promise<PublishResult>,
  options: Partial<BatchQueueOptions<number>> = {},
) {
  const batches: { slot: number; events: readonly number[] }[] = [];
  const queue = batchQueue<number>({
    bytesOf: (event) => event,
    send(slot, events) {
      batches.push({ slot, events });
      return Promise.all(events.map((event) => answer(event, batches.length)));
    },
    ...options,
  });
  return { queue, batches, events: () => batches.map(({ events }) => events) };
}

describe("batchQueue()", () => {
  test("sends at once what one turn brought, and what came meanwhile next", async () => {
    const gate = Promise.withResolvers<void>();
    const { queue, events } = recorded(async (_, batch) => {
      if (batch === 1) await gate.promise;
      return stored;
    });
    const calls = [queue.publish([1, 2], soon()), queue.publish([3], soon())];
    await until("the first batch", () => events().length === 1);
    calls.push(queue.publish([4], soon()), queue.publish([5, 6], soon()));
    await turn();
    gate.resolve();
    expect((await Promise.all(calls)).flat()).toEqual(Array(6).fill(stored));
    expect(events()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  test("keeps batches within their count and their bytes", async () => {
    const limits = { batchMax: 3, batchBytesMax: 10 };
    const { queue, events } = recorded(() => stored, { limits });
    await queue.publish([1, 1, 1, 1, 9, 2, 30, 4], soon());
    expect(events()).toEqual([[1, 1, 1], [1, 9], [2], [30], [4]]);
  });

  test("refuses as invalid what is larger than an event may be", async () => {
    const { queue, events } = recorded(() => stored, { limits: { eventBytesMax: 5 } });
    expect((await queue.publish([5, 6], soon())).map(outcome)).toEqual(["stored", "invalid"]);
    expect(events()).toEqual([[5]]);
  });

  test("does not send any more what is queued at its deadline", async () => {
    const gate = Promise.withResolvers<void>();
    const { queue, events } = recorded(async () => {
      await gate.promise;
      return stored;
    });
    const inFlight = queue.publish([1], inMs(30));
    await until("the first batch", () => events().length === 1);
    const queued = queue.publish([2], inMs(30));
    const patient = queue.publish([3], soon());
    expect((await inFlight).map(outcome)).toEqual(["deadline"]);
    expect((await queued).map(outcome)).toEqual(["deadline"]);
    gate.resolve();
    expect((await patient).map(outcome)).toEqual(["stored"]);
    expect(events()).toEqual([[1], [3]]);
  });

  test("sends again what was unavailable, in order, until it is stored", async () => {
    const { queue, events } = recorded((event, batch) =>
      batch < 3 && event > 1 ? failure("unavailable") : stored,
    );
    const results = await queue.publish([1, 2, 3], soon());
    expect(results.map(outcome)).toEqual(["stored", "stored", "stored"]);
    expect(events()).toEqual([
      [1, 2, 3],
      [2, 3],
      [2, 3],
    ]);
  });

  test("answers with the last failure at the deadline, not before", async () => {
    const { queue, events } = recorded(() => Promise.reject(new Error("the broker is away")));
    const beganMs = Date.now();
    const [result] = await queue.publish([1], inMs(60));
    expect(Date.now() - beganMs).toBeGreaterThanOrEqual(59);
    expect(result?.stored === false && result.error.code).toBe("unavailable");
    expect(result?.stored === false && result.error.message).toContain("the broker is away");
    expect(events().length).toBeGreaterThan(1);
  });

  test("takes any other failure for final", async () => {
    const { queue, events } = recorded(() => failure("conflict"));
    expect((await queue.publish([1], soon())).map(outcome)).toEqual(["conflict"]);
    expect(events()).toEqual([[1]]);
  });

  test("keeps what has no slot yet, in order, and names the fault at its deadline", async () => {
    let slots: number | undefined;
    const { queue, batches } = recorded(() => stored, {
      slotOf: (event) => (slots === undefined ? undefined : event % slots),
      fault: () => (slots === undefined ? new Error("no broker answers") : undefined),
    });
    const [late] = await queue.publish([7], inMs(20));
    expect(late?.stored === false && late.error.code).toBe("unavailable");
    expect(late?.stored === false && late.error.message).toContain("no broker answers");
    const calls = [queue.publish([1, 2, 3], soon()), queue.publish([4], soon())];
    await turn();
    expect(batches).toEqual([]);
    slots = 2;
    queue.retry();
    await Promise.all(calls);
    expect(batches).toEqual([
      { slot: 1, events: [1, 3] },
      { slot: 0, events: [2, 4] },
    ]);
  });

  test("lets a slot that hangs not hold up the others", async () => {
    const { queue } = recorded((event) => (event === 1 ? new Promise(() => {}) : stored), {
      slotOf: (event) => event,
    });
    const hanging = queue.publish([1], inMs(50));
    expect((await queue.publish([2], inMs(40))).map(outcome)).toEqual(["stored"]);
    expect((await hanging).map(outcome)).toEqual(["deadline"]);
  });

  test("has room again for each event that missed its deadline", async () => {
    const limits = { queueMax: 3 };
    const { queue } = recorded(() => new Promise(() => {}), { limits });
    const first = queue.publish([1], inMs(10));
    await turn();
    const more = queue.publish([2, 3, 4], inMs(10));
    expect((await more).map(outcome)).toEqual(["deadline", "deadline", "overloaded"]);
    expect((await first).map(outcome)).toEqual(["deadline"]);
    // The one in flight is held still.
    const again = await queue.publish([5, 6, 7], inMs(10));
    expect(again.map(outcome)).toEqual(["deadline", "deadline", "overloaded"]);
  });

  test("close() waits for what is held, and refuses what comes later", async () => {
    const gate = Promise.withResolvers<void>();
    const { queue } = recorded(async () => {
      await gate.promise;
      return stored;
    });
    const held = queue.publish([1, 2], soon());
    let closed = false;
    const closing = queue.close().then(() => {
      closed = true;
    });
    expect((await queue.publish([3], soon())).map(outcome)).toEqual(["unavailable"]);
    expect(closed).toBe(false);
    gate.resolve();
    await closing;
    expect((await held).map(outcome)).toEqual(["stored", "stored"]);
  });
});
