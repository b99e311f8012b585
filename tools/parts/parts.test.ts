import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { connect } from "amqplib";
import { Redis } from "ioredis";
import { Kafka, logLevel } from "kafkajs";
import { MongoClient } from "mongodb";
import type { Child } from "./child.ts";
import { parts } from "./testing.ts";

const timeoutMs = 60_000;

/** What the kernel tells of a process; nothing of one that has ended meanwhile. */
function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}

/** The living processes of the group that the child leads. */
function groupOf(leader: number): string[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => statOf(pid).split(") ")[1]?.split(" ") ?? [])
    .filter(([state, , group]) => state !== "Z" && group === `${leader}`)
    .map(([, parent]) => `a child of ${parent}`);
}

function pidOf(child: Child): number {
  if (child.pid === undefined) throw new Error(`Cannot tell the pid of ${child.name}: it is down`);
  return child.pid;
}

interface Ended {
  readonly leader: number;
  readonly folder: string;
}

const lifeOf = (child: Child): Ended => ({ leader: pidOf(child), folder: dirname(child.logFile) });

function expectNothingLeft(ended: Ended | undefined): void {
  expect(ended && groupOf(ended.leader)).toEqual([]);
  expect(ended && existsSync(ended.folder)).toBe(false);
}

async function killAndStart(child: Child): Promise<void> {
  const before = pidOf(child);
  await child.kill();
  expect(child.running).toBe(false);
  await child.start();
  expect(pidOf(child)).not.toBe(before);
}

const real = parts;

describe.skipIf(!real)("a private server", () => {
  if (!real) return;

  test(
    "Kafka keeps its topics through kill and start, and leaves nothing behind",
    async () => {
      let ended: Ended | undefined;
      {
        await using kafka = await real.startKafka();
        const [node] = kafka.nodes;
        if (!node) throw new Error("Cannot test Kafka: it has no node");
        const client = new Kafka({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING });
        const admin = client.admin();
        await admin.connect();
        await admin.createTopics({ topics: [{ topic: "kept" }] });
        await killAndStart(node);
        expect(await admin.listTopics()).toContain("kept");
        await admin.disconnect();
        ended = lifeOf(node);
      }
      expectNothingLeft(ended);
    },
    timeoutMs,
  );

  test(
    "one of three Kafka nodes comes back while another is down",
    async () => {
      await using kafka = await real.startKafka({ nodes: 3 });
      const [first, second, third] = kafka.nodes;
      expect(kafka.brokers).toHaveLength(3);
      await first?.kill();
      await first?.start();
      await second?.kill();
      await third?.restart();
      expect(third?.running).toBe(true);
      expect(second?.running).toBe(false);
    },
    timeoutMs,
  );

  test(
    "RabbitMQ keeps confirmed messages through kill and start, and leaves nothing behind",
    async () => {
      let ended: Ended | undefined;
      {
        await using rabbit = await real.startRabbitMq();
        const before = await connect(rabbit.url);
        before.on("error", () => {});
        const channel = await before.createConfirmChannel();
        await channel.assertQueue("kept", { durable: true });
        // RabbitMQ answers before its metadata is on the disk; messages are, once confirmed.
        await rabbit.ctl("eval", "mnesia:sync_log().");
        channel.sendToQueue("kept", Buffer.from("message"), { persistent: true });
        await channel.waitForConfirms();
        await killAndStart(rabbit.broker);
        const after = await connect(rabbit.url);
        const message = await (await after.createChannel()).get("kept");
        expect(message ? message.content.toString() : "nothing").toBe("message");
        expect(await rabbit.ctl("list_queues", "--silent", "name")).toContain("kept");
        await after.close();
        ended = lifeOf(rabbit.broker);
      }
      expectNothingLeft(ended);
    },
    timeoutMs,
  );

  test(
    "Valkey and its replica keep values through kill and start, and leave nothing behind",
    async () => {
      let ended: Ended | undefined;
      {
        await using valkey = await real.startValkey({ replicas: 1 });
        const client = new Redis(valkey.url);
        client.on("error", () => {});
        await client.set("kept", "value");
        expect(await client.wait(1, 1_000)).toBe(1);
        await killAndStart(valkey.server);
        expect(await client.get("kept")).toBe("value");
        for (const replica of valkey.replicas) await killAndStart(replica.server);
        client.disconnect();
        ended = lifeOf(valkey.server);
      }
      expectNothingLeft(ended);
    },
    timeoutMs,
  );

  test.each([
    { durable: true, keeps: "keeps what it answered in its file", left: 500 },
    { durable: false, keeps: "keeps nothing where it has no file", left: 0 },
  ])(
    "MongoDB's stand-in $keeps through kill and start, and leaves nothing behind",
    async ({ durable, left }) => {
      let ended: Ended | undefined;
      {
        await using mongo = await real.startMongo({ durable });
        const documents = Array.from({ length: 500 }, (_, number) => ({ number }));
        const collection = (client: MongoClient) => client.db("kept").collection("documents");
        const before = new MongoClient(mongo.url);
        await collection(before).insertMany(documents);
        await killAndStart(mongo.server);
        await before.close();
        const after = new MongoClient(mongo.url);
        expect(await collection(after).countDocuments()).toBe(left);
        await after.close();
        ended = lifeOf(mongo.server);
      }
      expectNothingLeft(ended);
    },
    timeoutMs,
  );

  test(
    "a frozen Valkey answers again when it is let go",
    async () => {
      await using valkey = await real.startValkey({ appendfsync: "everysec" });
      const client = new Redis(valkey.url, { commandTimeout: 200 });
      client.on("error", () => {});
      expect(await client.ping()).toBe("PONG");
      valkey.server.freeze();
      await expect(client.ping()).rejects.toThrow("Command timed out");
      valkey.server.unfreeze();
      expect(await client.ping()).toBe("PONG");
      client.disconnect();
    },
    timeoutMs,
  );

  test(
    "a server that cannot start says why",
    async () => {
      const start = real.startValkey({ settings: { maxmemory: "much" } });
      await expect(start).rejects.toThrow(/Cannot start valkey1: it ended with code 1/);
      await expect(start).rejects.toThrow(/argument must be a memory value/);
    },
    timeoutMs,
  );
});
