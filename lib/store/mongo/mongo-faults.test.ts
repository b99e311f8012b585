import { describe, expect, test } from "bun:test";
import { parts } from "../../../tools/parts/testing.ts";
import { pause } from "../../pause.ts";
import { until } from "../../testing/until.ts";
import type { EventLog } from "../event-log.ts";
import type { FoldEvent } from "../store.ts";
import { rangeBatch, times } from "../testing/fold-events.ts";
import { all, entriesOf, loggedMany } from "../testing/log-under-test.ts";
import { freshDatabase } from "../testing/mongo-under-test.ts";
import { mongoWire } from "../testing/mongo-wire.ts";
import { mongoLog } from "./mongo-log.ts";

const size = 10;
const callTimeoutMs = 2_000;
const testMs = 60_000;
const again = { timeoutMs: 20_000 };

async function privateMongo(durable: boolean) {
  const mongo = await parts?.startMongo({ durable });
  if (mongo === undefined) throw new Error("Cannot start a MongoDB: no programs are installed");
  return mongo;
}

const cursorOf = async (log: EventLog) => (await log.cursors(["topic/0"])).get("topic/0") ?? 0;

/** Writes events in batches, each again until it is told as written; `told` is the cursor as it was told last. */
function writer(log: EventLog, events: readonly FoldEvent[]) {
  const state = { told: 0, failures: new Set<string>() };
  const write = async () => {
    while (state.told < events.length) {
      const batch = rangeBatch(state.told, events.slice(state.told, state.told + size));
      try {
        const result = await log.apply(batch);
        if ("cursor" in result && result.cursor !== undefined) state.told = result.cursor;
      } catch (error) {
        state.failures.add(String(error));
        await pause(20);
      }
    }
  };
  return { state, done: write() };
}

describe.skipIf(!parts)("a MongoDB in trouble", () => {
  test(
    "that is killed under load has all that was told, and is found again",
    async () => {
      await using mongo = await privateMongo(true);
      await using log = mongoLog({ url: mongo.url, collection: "bands", callTimeoutMs });
      const events = loggedMany(900);
      const { state, done } = writer(log, events);
      for (let round = 1; round <= 3; round++) {
        const goal = state.told + 5 * size * round;
        await until("some progress", () => state.told >= goal, again);
        await mongo.server.kill();
        const { told } = state;
        await mongo.server.start();
        expect(await until("the log again", () => cursorOf(log), again)).toBeGreaterThanOrEqual(
          told,
        );
        const ids = new Set((await until("entries", () => all(log), again)).map(({ id }) => id));
        expect(events.slice(0, told).filter(({ id }) => !ids.has(id))).toEqual([]);
      }
      await done;
      expect(await until("entries", () => all(log), again)).toEqual(entriesOf(events));
      expect(state.failures.size).toBeGreaterThan(0);
    },
    testMs,
  );

  test(
    "that comes back empty is filled again from the start, once each",
    async () => {
      await using mongo = await privateMongo(false);
      await using log = mongoLog({ url: mongo.url, collection: "bands", callTimeoutMs });
      const events = loggedMany(50);
      await writer(log, events).done;
      await mongo.server.kill();
      await mongo.server.start();
      const cursors = await until("the log again", () => log.cursors(["topic/0"]), again);
      expect(cursors).toEqual(new Map());
      const beyond = rangeBatch(50, loggedMany(1));
      const result = await until("an answer", () => log.apply(beyond), again);
      expect(result).toEqual({ status: "ahead", cursor: 0 });
      await writer(log, events).done;
      expect(await until("entries", () => all(log), again)).toEqual(entriesOf(events));
    },
    testMs,
  );

  test(
    "that is waited for from the start is found",
    async () => {
      await using mongo = await privateMongo(false);
      await mongo.server.kill();
      await using log = mongoLog({ url: mongo.url, collection: "bands", callTimeoutMs });
      const batch = rangeBatch(0, loggedMany(3));
      const [first, second] = await Promise.allSettled([log.apply(batch), log.newest(1)]);
      expect([first.status, second.status]).toEqual(["rejected", "rejected"]);
      await mongo.server.start();
      const result = await until("the first batch", () => log.apply(batch), again);
      expect(result).toMatchObject({ verdicts: times(3, "applied"), cursor: 3 });
    },
    testMs,
  );

  test(
    "that is frozen is given up in time and found again",
    async () => {
      await using mongo = await privateMongo(false);
      await using log = mongoLog({ url: mongo.url, collection: "bands", callTimeoutMs: 1_000 });
      const first = rangeBatch(0, loggedMany(3));
      await until("the first batch", () => log.apply(first), again);
      mongo.server.freeze();
      const next = rangeBatch(3, loggedMany(3));
      const startMs = performance.now();
      await expect(log.apply(next)).rejects.toThrow(
        `Cannot log 3 events of lane kafka in ${mongo.url}`,
      );
      expect(performance.now() - startMs).toBeLessThan(5_000);
      mongo.server.unfreeze();
      const result = await until("the batch", () => log.apply(next), again);
      expect(["applied", "behind"]).toContain(result.status);
      expect(await until("entries", () => all(log), again)).toHaveLength(6);
    },
    testMs,
  );

  test(
    "that never answers one call is asked the next by another client",
    async () => {
      await using wire = await mongoWire(parts?.mongo ?? "");
      const url = `${wire.url}/${freshDatabase()}`;
      await using log = mongoLog({ url, collection: "bands", callTimeoutMs: 1_000 });
      const first = rangeBatch(0, loggedMany(1));
      await until("the first batch", () => log.apply(first), again);
      for (const command of ["insert", "update", "find"]) {
        wire.answers.set(command, "silence");
        await expect(log.apply(rangeBatch(1, loggedMany(1)))).rejects.toThrow(
          "Cannot wait any longer for an answer: it took over 1000 ms",
        );
        wire.answers.delete(command);
      }
      const last = rangeBatch(1, loggedMany(1));
      const result = await until("the last batch", () => log.apply(last), again);
      expect(result).toMatchObject({ status: "applied", cursor: 2 });
    },
    testMs,
  );
});
