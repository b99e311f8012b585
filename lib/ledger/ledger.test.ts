import { expect, test } from "bun:test";
import { emptyLedger } from "../store/ledger.ts";
import type { LaneLedger, StoreView } from "../store/store.ts";
import type { LaneProbe, QueueProbe } from "./lane-probe.ts";
import { readLedger } from "./ledger.ts";

const view = (
  lanes: Record<string, Partial<LaneLedger>>,
  cursors: Record<string, number> = {},
): (() => Promise<StoreView>) => {
  const whole = Object.entries(lanes).map(([lane, counts]) => [
    lane,
    { ...emptyLedger(), ...counts },
  ]);
  return () =>
    Promise.resolve({
      keys: [],
      ids: [],
      lanes: Object.fromEntries(whole),
      cursors: new Map(Object.entries(cursors)),
    });
};

const offsets = (ends: Record<string, number>): LaneProbe => ({
  kind: "offsets",
  ends: () => Promise.resolve(new Map(Object.entries(ends))),
});

const queue = (depth: number, confirmed?: number, unconfirmed = 0): QueueProbe => ({
  kind: "queue",
  depth: () => Promise.resolve(depth),
  published: () =>
    Promise.resolve(confirmed === undefined ? undefined : { confirmed, unconfirmed }),
});

test("readLedger() sums both lanes of the same events", async () => {
  const ledger = await readLedger(
    view(
      { kafka: { applied: 7, duplicate: 3 }, rabbit: { applied: 3, duplicate: 5 } },
      { "t/0": 10 },
    ),
    { kafka: offsets({ "t/0": 10 }), rabbit: queue(2, 10) },
  );
  expect(ledger).toMatchObject({
    accepted: 20,
    stored: 10,
    duplicates: 8,
    deadLettered: 0,
    inFlight: 2,
    closes: true,
  });
});

test("readLedger() counts holes and losses as passed, not as published", async () => {
  const ledger = await readLedger(
    view({ kafka: { applied: 5, undecodable: 1, hole: 3, lost: 1 } }, { "t/0": 10 }),
    { kafka: offsets({ "t/0": 12 }) },
  );
  expect(ledger.lanes.kafka).toMatchObject({
    published: 8,
    deadLettered: 1,
    inFlight: 2,
    closes: true,
  });
});

test("readLedger() does not close where a cursor passed what was never folded", async () => {
  const ledger = await readLedger(view({ kafka: { applied: 5 } }, { "t/0": 6 }), {
    kafka: offsets({ "t/0": 6 }),
  });
  expect(ledger.closes).toBe(false);
});

test("readLedger() keeps what was folded of a topic that was made anew", async () => {
  const ledger = await readLedger(view({ kafka: { applied: 15 } }, { "old/0": 10, "new/0": 5 }), {
    kafka: offsets({ "new/0": 5 }),
  });
  expect(ledger.closes).toBe(true);
});

test("readLedger() takes redeliveries out of a queue's duplicates", async () => {
  const ledger = await readLedger(view({ rabbit: { applied: 10, duplicate: 4, redelivered: 4 } }), {
    rabbit: queue(0, 12),
  });
  expect(ledger.lanes.rabbit).toMatchObject({
    published: 12,
    duplicates: 2,
    repeated: 2,
    closes: true,
  });
  expect(ledger.accepted).toBe(ledger.stored + ledger.duplicates);
});

test("readLedger() shows what a queue lost as in flight for ever", async () => {
  const ledger = await readLedger(view({ rabbit: { applied: 10 } }), { rabbit: queue(0, 12) });
  expect(ledger).toMatchObject({ accepted: 12, stored: 10, inFlight: 2 });
});

test("readLedger() proves nothing of a queue whose relay lost its count", async () => {
  const ledger = await readLedger(view({ rabbit: { applied: 10, redelivered: 1 } }), {
    rabbit: queue(0, 8),
  });
  expect(ledger.lanes.rabbit).toMatchObject({ published: 10, proven: false, closes: true });
});

test("readLedger() says where a queue's published count is not known", async () => {
  const ledger = await readLedger(view({ rabbit: { applied: 10 } }), { rabbit: queue(3) });
  expect(ledger.lanes.rabbit).toMatchObject({ published: 13, inFlight: 3, proven: false });
});

test("readLedger() names a broker that does not answer and does not close", async () => {
  const ledger = await readLedger(view({ kafka: { applied: 1 } }), {
    kafka: { kind: "offsets", ends: () => Promise.reject(new Error("no broker")) },
  });
  expect(ledger.closes).toBe(false);
  expect(ledger.lanes.kafka?.fault).toBe("no broker");
});

const withLetters = (probe: QueueProbe, moved: number, redriven: number): LaneProbe => ({
  ...probe,
  letters: () => Promise.resolve({ moved, redriven }),
});

test("readLedger() counts what was published again as published, and proves it", async () => {
  const ledger = await readLedger(view({ rabbit: { applied: 12, undecodable: 3 } }), {
    rabbit: withLetters(queue(0, 12), 0, 3),
  });
  expect(ledger.lanes.rabbit).toMatchObject({
    ...{ published: 15, applied: 12, deadLettered: 3, inFlight: 0, proven: true },
  });
});

test("readLedger() counts what a broker set aside by itself as set aside, not as in flight", async () => {
  const ledger = await readLedger(view({ rabbit: { applied: 10 } }), {
    rabbit: withLetters(queue(0, 12), 2, 0),
  });
  expect(ledger.lanes.rabbit).toMatchObject({
    ...{ published: 12, deadLettered: 2, aside: { undelivered: 2 }, inFlight: 0, proven: true },
  });
});

test("readLedger() goes on without dead letters that cannot be counted", async () => {
  const letters = () => Promise.reject(new Error("no stream"));
  const ledger = await readLedger(view({ rabbit: { applied: 10 } }), {
    rabbit: { ...queue(0, 10), letters },
  });
  expect(ledger.lanes.rabbit).toMatchObject({ published: 10, closes: true });
});
