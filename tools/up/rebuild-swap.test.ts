import { describe, expect, test } from "bun:test";
import { Kafka, logLevel } from "kafkajs";
import { rebuildLoad } from "../../cli/testing/rebuild-load.ts";
import { privateValkey } from "../../lib/store/testing/private-valkey.ts";
import { until } from "../../lib/testing/until.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { parts } from "../parts/testing.ts";
import { endOf, foldedLane, liveDatabase } from "./testing/folded-lane.ts";

const testMs = 120_000;
const patiently = { timeoutMs: 30_000, everyMs: 50 };

describe.skipIf(!parts)("a rebuild on real servers", () => {
  test(
    "loses nothing and counts nothing twice while consumers run and votes come in",
    async () => {
      await using server = await privateValkey();
      const { redis, valkey } = server;
      await redis.select(liveDatabase);
      await using lane = await foldedLane(votaciones, valkey.url);
      await using _consumer = await lane.consume();
      const published = { events: 0, stop: false };
      const publishing = (async () => {
        for (let seed = 1; !published.stop; seed++) {
          const load = rebuildLoad(votaciones, 200, seed);
          await lane.publish(load.messages);
          published.events += load.events;
        }
      })();
      await until("some votes", async () => Number(await redis.get("total")) > 3_000, patiently);
      for (let times = 0; times < 3; times++) {
        const done = await endOf(lane.rebuild("--yes"));
        expect([done.code, done.out]).toEqual([0, expect.stringContaining("is rebuilt")]);
      }
      const moving = await endOf(lane.rebuild("--check"));
      expect([moving.code, moving.out]).toEqual([1, expect.stringContaining("was not compared")]);
      const seen = published.events;
      await until("more votes", () => published.events > seen + 1_000, patiently);
      published.stop = true;
      await publishing;
      await lane.settled();
      expect(Number(await redis.get("total"))).toBe(published.events);
      const { lanes } = await lane.store.read({});
      expect(lanes.kafka?.applied).toBe(published.events);
      expect((await endOf(lane.rebuild("--check"))).code).toBe(0);
    },
    testMs,
  );

  test(
    "swaps between what the lane without offsets brings, or is refused; and is where only that lane had events",
    async () => {
      await using server = await privateValkey();
      await using lane = await foldedLane(climaApp, server.valkey.url);
      await using _consumer = await lane.consume();
      const restless = { stop: false, events: 0 };
      const bringing = (async () => {
        for (let seed = 1; !restless.stop; seed++) {
          const { messages, events } = rebuildLoad(climaApp, 20, seed);
          restless.events += events;
          await lane.publish(messages);
          await lane.bring(messages.slice(0, 1));
        }
      })();
      await until("a lane", async () => {
        return ((await lane.store.read({})).lanes.kafka?.applied ?? 0) > 500;
      });
      const restlessly = await endOf(lane.rebuild("--yes"));
      restless.stop = true;
      await bringing;
      await lane.settled();
      expect(restlessly.out + restlessly.err).toMatch(
        /is rebuilt|went on bringing|by rabbit alone|settled by the live store/,
      );
      const { lanes } = await lane.store.read({});
      const applied = Object.values(lanes).reduce((sum, each) => sum + each.applied, 0);
      expect(applied).toBe(restless.events);
      const done = await endOf(lane.rebuild("--yes"));
      expect([done.code, done.err]).toEqual([0, expect.not.stringContaining("Cannot")]);
      await lane.bring(rebuildLoad(climaApp, 5, 99).messages.slice(0, 3));
      const alone = await endOf(lane.rebuild("--yes"));
      expect([alone.code, alone.out]).toEqual([
        1,
        expect.stringContaining("had their effect by rabbit alone"),
      ]);
    },
    testMs,
  );

  test(
    "leaves the live store as it was when it is killed or stopped half way, and the next one starts clean",
    async () => {
      await using server = await privateValkey();
      const { redis, valkey } = server;
      await redis.select(liveDatabase);
      await using lane = await foldedLane(votaciones, valkey.url);
      await lane.publish(rebuildLoad(votaciones, 40_000).messages);
      const consumer = await lane.consume();
      await lane.settled();
      await consumer[Symbol.asyncDispose]();
      const digest = async () => [
        ...[await redis.hgetall("votos_album"), await redis.hgetall("tp:ledger")],
        await redis.dbsize(),
      ];
      const before = await digest();
      const beside = async () =>
        (await redis.info("keyspace")).split("\r\n").some((line) => /^db(?!3:)\d+:/.test(line));
      for (const [signal, code] of [
        ["SIGINT", 130],
        ["SIGKILL", 137],
      ] as const) {
        const child = lane.rebuild("--yes");
        await until(
          "a store beside",
          async () => {
            const info = await redis.info("keyspace");
            return Number(/^db(?!3:)\d+:keys=(\d+)/m.exec(info)?.[1] ?? 0) > 4;
          },
          patiently,
        );
        child.kill(signal);
        expect(await child.exited).toBe(code);
        expect(await digest()).toEqual(before);
        expect(await beside()).toBe(signal === "SIGKILL");
      }
      const done = await endOf(lane.rebuild("--yes"));
      expect([done.code, done.out]).toEqual([0, expect.stringContaining("is rebuilt")]);
      expect(await digest()).toEqual(before);
      expect(await beside()).toBe(false);
    },
    testMs,
  );

  test(
    "is refused where the log was cut, where letters are gone, where memory is short, and in another topic's store",
    async () => {
      await using server = await privateValkey();
      const { redis, valkey } = server;
      await redis.select(liveDatabase);
      await using lane = await foldedLane(votaciones, valkey.url);
      await lane.publish(rebuildLoad(votaciones, 2_000).messages);
      await using _consumer = await lane.consume();
      await lane.settled();
      const refusal = async () => {
        const { code, out, err } = await endOf(lane.rebuild("--yes"));
        expect(code).toBe(1);
        return out + err;
      };
      const used = Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);
      await redis.config("SET", "maxmemory", `${used}`);
      expect(await refusal()).toContain("there is no room for a second store");
      await redis.config("SET", "maxmemory", "0");

      await redis.hincrby("tp:ledger", "kafka:late", 1);
      expect(await refusal()).toContain("1 messages were set aside as late");
      await redis.hincrby("tp:ledger", "kafka:late", -1);

      const kafka = new Kafka({ brokers: [...lane.brokers], logLevel: logLevel.NOTHING });
      const admin = kafka.admin();
      await admin.connect();
      // So that it knows the topic's leaders.
      await admin.fetchTopicOffsets(lane.topic);
      await admin.deleteTopicRecords({
        ...{ topic: lane.topic, partitions: [{ partition: 1, offset: "10" }] },
      });
      await admin.disconnect();
      expect(await refusal()).toMatch(
        /the log of \S+\/1 begins at 10: older messages were removed/,
      );

      await using other = await foldedLane(votaciones, valkey.url);
      await other.publish(rebuildLoad(votaciones, 10).messages);
      const anew = await endOf(other.rebuild("--check"));
      expect([anew.code, anew.out]).toEqual([1, expect.stringContaining("was made anew")]);
    },
    testMs,
  );
});
