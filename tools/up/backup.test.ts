import { describe, expect, test } from "bun:test";
import { cpSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { rebuildLoad } from "../../cli/testing/rebuild-load.ts";
import type { EventLog } from "../../lib/store/event-log.ts";
import { mongoLog } from "../../lib/store/mongo/mongo-log.ts";
import { freshDatabase } from "../../lib/store/testing/mongo-under-test.ts";
import { type PrivateValkey, privateValkey } from "../../lib/store/testing/private-valkey.ts";
import { tempDir } from "../../lib/store/testing/temp-dir.ts";
import { until } from "../../lib/testing/until.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { parts } from "../parts/testing.ts";
import { foldedLane, liveDatabase } from "./testing/folded-lane.ts";

const testMs = 120_000;
const patiently = { timeoutMs: 30_000, everyMs: 50 };

const program = (name: string) => join(parts?.dir ?? "", "valkey", "usr", "bin", name);

/** Runs one of the documented commands, and insists that it does not fail. */
async function command(name: string, ...args: readonly string[]): Promise<string> {
  const child = Bun.spawn([program(name), ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [code, out, err] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  expect([name, args, code, code === 0 ? "" : out + err]).toEqual([name, args, 0, ""]);
  return out;
}

interface Backup {
  readonly name: string;
  take(server: PrivateValkey, dir: string): Promise<void>;
  /** Gives a server that has ended its data again, and leaves it running. */
  restore(server: PrivateValkey, dir: string): Promise<void>;
}

const backups: readonly Backup[] = [
  {
    name: "valkey-cli --rdb",
    take: async ({ valkey }, dir) => {
      await command("valkey-cli", "-p", `${valkey.port}`, "--rdb", join(dir, "backup.rdb"));
    },
    async restore({ valkey }, dir) {
      const { port } = valkey;
      cpSync(join(dir, "backup.rdb"), join(valkey.dir, "dump.rdb"));
      const once = Bun.spawn(
        [program("valkey-server"), join(valkey.dir, "valkey.conf"), "--appendonly", "no"],
        { stdio: ["ignore", "ignore", "ignore"] },
      );
      const cli = (...args: readonly string[]) => command("valkey-cli", "-p", `${port}`, ...args);
      await until("a server", async () => (await cli("PING")) === "PONG\n", patiently);
      await cli("CONFIG", "SET", "appendonly", "yes");
      await until("a whole file", async () => {
        const info = await cli("INFO", "persistence");
        return /aof_rewrite_in_progress:0/.test(info) && /aof_rewrite_scheduled:0/.test(info);
      });
      await cli("SHUTDOWN", "NOSAVE");
      await once.exited;
      await valkey.server.start();
    },
  },
  {
    name: "a copy of the append-only files",
    async take({ valkey }, dir) {
      const cli = (...args: readonly string[]) =>
        command("valkey-cli", "-p", `${valkey.port}`, ...args);
      await cli("CONFIG", "SET", "auto-aof-rewrite-percentage", "0");
      await until("no rewrite", async () =>
        /aof_rewrite_in_progress:0/.test(await cli("INFO", "persistence")),
      );
      cpSync(join(valkey.dir, "appendonlydir"), join(dir, "appendonlydir"), { recursive: true });
      await cli("CONFIG", "SET", "auto-aof-rewrite-percentage", "100");
    },
    async restore({ valkey }, dir) {
      renameSync(join(dir, "appendonlydir"), join(valkey.dir, "appendonlydir"));
      await valkey.server.start();
    },
  },
];

describe.skipIf(!parts)("a backup of Valkey", () => {
  test.each(backups.map((backup) => [backup.name, backup] as const))(
    "by %s, taken under load, is restored, and the lane goes on from its cursor",
    async (_name, backup) => {
      using dir = tempDir();
      await using server = await privateValkey();
      const { redis, valkey } = server;
      await redis.select(liveDatabase);
      await using lane = await foldedLane(votaciones, valkey.url);
      await using _consumer = await lane.consume();
      const total = async () => Number(await redis.get("total"));
      const published = { events: 0, stop: false };
      const publishing = (async () => {
        for (let seed = 1; !published.stop; seed++) {
          const load = rebuildLoad(votaciones, 100, seed);
          await lane.publish(load.messages);
          published.events += load.events;
        }
      })();
      await until("some votes", async () => (await total()) > 1_000, patiently);
      await backup.take(server, dir.path);
      const taken = await total();
      await until("more votes", async () => (await total()) > taken + 1_000, patiently);
      await valkey.server.kill();
      rmSync(join(valkey.dir, "appendonlydir"), { recursive: true });
      await backup.restore(server, dir.path);
      const seen = published.events;
      await until("votes meanwhile", () => published.events > seen + 500, patiently);
      published.stop = true;
      await publishing;
      await lane.settled();
      expect(await total()).toBe(published.events);
      const { lanes } = await lane.store.read({});
      expect(lanes.kafka?.applied).toBe(published.events);
    },
    testMs,
  );
});

describe.skipIf(!parts)("a backup of MongoDB", () => {
  test(
    "whose cursors were taken before its records is restored under load, and every vote stands there once",
    async () => {
      await using server = await privateValkey();
      await using lane = await foldedLane(votaciones, server.valkey.url);
      const url = `${parts?.mongo}/${freshDatabase()}`;
      await using log: EventLog = mongoLog({ url, collection: "bands" });
      await using _consumer = await lane.consume(log);
      const client = new MongoClient(url);
      const [cursors, records] = [
        client.db().collection("bands.cursors"),
        client.db().collection("bands"),
      ];
      const first = rebuildLoad(votaciones, 1_500);
      const sending = lane.publish(first.messages);
      await until("some records", async () => (await records.countDocuments()) > 300, patiently);
      const kept = {
        cursors: await cursors.find().toArray(),
        records: await records.find().toArray(),
      };
      await sending;
      await lane.settled(log);
      await client.db().dropDatabase();
      await cursors.insertMany(kept.cursors);
      await records.insertMany(kept.records);
      const second = rebuildLoad(votaciones, 500, 2);
      await lane.publish(second.messages);
      await lane.settled(log);
      expect(await records.countDocuments()).toBe(first.events + second.events);
      await lane.settled();
      const { lanes } = await lane.store.read({});
      expect(lanes.kafka?.applied).toBe(first.events + second.events);
      await client.db().dropDatabase();
      await client.close();
    },
    testMs,
  );
});
