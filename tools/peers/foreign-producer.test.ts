import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { deadLettersOf } from "../../lib/broker/dead-letter-lane.ts";
import { readOnce } from "../../lib/broker/dead-letters.suite.ts";
import { kafkaLetterLog } from "../../lib/broker/kafka/kafka-letter-log.ts";
import { letterBox } from "../../lib/broker/letter-box.ts";
import { rabbitLetterLog } from "../../lib/broker/rabbit/rabbit-letter-log.ts";
import { type Letter, readLetter } from "../../lib/delivery/letter.ts";
import { until } from "../../lib/testing/until.ts";
import { parts } from "../parts/testing.ts";
import type { Valkey } from "../parts/valkey.ts";
import { type ForeignMessages, foreignMessages } from "./foreign-messages.ts";
import { installTimeoutMs } from "./install.ts";
import { type PythonPeer, pythonPeer } from "./python-peer.ts";
import { startService } from "./service.ts";
import { stateReader } from "./stored-state.ts";

/** How often every good message is sent, and in how many goes. */
const [goes, timesEach] = [6, 100];
const times = goes * timesEach;
const patiently = { timeoutMs: 30_000, everyMs: 50 };
const testMs = 90_000;

type LaneName = "kafka" | "rabbit";

describe.skipIf(!parts)("a foreign producer without ids", () => {
  let python: PythonPeer;
  let valkey: (Valkey & AsyncDisposable) | undefined;
  beforeAll(async () => {
    if (!parts) return;
    python = await pythonPeer(parts);
    valkey = await parts.startValkey();
  }, installTimeoutMs);
  afterAll(async () => {
    await valkey?.[Symbol.asyncDispose]();
    await python[Symbol.asyncDispose]();
  });

  const send = (lane: LaneName, name: string, texts: readonly string[]) =>
    lane === "kafka" ? python.writeKafka(name, texts) : python.writeRabbit(name, texts);

  const lettersOf = async (pipeline: string, lane: LaneName, name: string, count: number) => {
    const log =
      lane === "kafka"
        ? kafkaLetterLog({ brokers: parts?.kafka ?? [], topic: deadLettersOf(name) })
        : rabbitLetterLog({ url: parts?.rabbit ?? "", queue: name });
    await using letters = letterBox(log);
    const found = await readOnce(count, letters);
    return found.map(({ message, id }) => readLetter(message, id, { pipeline, lane }));
  };

  /** Sends everything, the consumer killed in the middle and started again, and yields what is stored and set aside. */
  async function run(messages: ForeignMessages, lane: LaneName, database: number) {
    const name = `foreign-${crypto.randomUUID()}`;
    const { good, junk, pipeline } = messages;
    const url = `${valkey?.url ?? ""}/${database}`;
    const env = {
      KAFKA_BROKERS: parts?.kafka.join(",") ?? "",
      KAFKA_TOPIC: name,
      KAFKA_GROUP: name,
      RABBIT_URL: parts?.rabbit ?? "",
      RABBIT_QUEUE: name,
      VALKEY_SERVICE_URL: url,
      MONGO_URL: `${parts?.mongo ?? ""}/${name}`,
    };
    const start = () => startService("consumer", messages.consumers[lane] ?? "", env);
    await using state = stateReader(url, pipeline, lane);
    const go = Array.from({ length: timesEach }, () => good).flat();
    {
      await using consumer = await start();
      await until("the consumer to be ready", consumer.ready, patiently);
      await send(lane, name, go);
      const more = send(lane, name, go);
      await until("effects", async () => (await state.read()).total > 0, patiently);
      consumer.child.kill("SIGKILL");
      await Promise.all([more, consumer.child.exited]);
    }
    const atKill = (await state.read()).total;
    await send(
      lane,
      name,
      junk.map(({ text }) => text),
    );
    for (let done = 2; done < goes; done++) await send(lane, name, go);
    await using again = await start();
    const settled = await until(
      "all messages to be settled",
      async () => {
        const now = await state.read();
        const all = now.total >= times * good.length && now.ledger.undecodable >= junk.length;
        return all ? now : undefined;
      },
      patiently,
    );
    expect(atKill).toBeLessThan(settled.total);
    expect(again.child.exitCode).toBeNull();
    const letters = await lettersOf(pipeline.name, lane, name, junk.length);
    return { settled, letters };
  }

  function expectJunkAside(letters: readonly Letter[], { junk, pipeline }: ForeignMessages) {
    const found = new Map(letters.map((letter) => [textOf(letter), letter]));
    for (const { text, reason } of junk) {
      expect(found.get(text)).toMatchObject({
        reason: "undecodable",
        error: expect.stringContaining(reason),
        origin: { pipeline: pipeline.name },
      });
    }
  }

  for (const [database, messages] of foreignMessages.entries()) {
    test.concurrent(
      `each of ${messages.pipeline.name}'s messages on Kafka counts once, though the consumer is killed`,
      async () => {
        const { settled, letters } = await run(messages, "kafka", database);
        const counted = times * messages.good.length;
        const sent = counted + messages.junk.length;
        expect(settled.keys).toMatchObject(messages.state(`${times}`));
        expect(settled.total).toBe(counted);
        expect(settled.passed).toBe(sent);
        expect(settled.ledger).toMatchObject({
          applied: counted,
          duplicate: 0,
          undecodable: messages.junk.length,
          unidentified: sent,
          hole: 0,
          lost: 0,
        });
        expectJunkAside(letters, messages);
      },
      testMs,
    );
  }

  for (const [index, messages] of foreignMessages.entries()) {
    if (messages.consumers.rabbit === undefined) continue;
    test.concurrent(
      `each of ${messages.pipeline.name}'s messages on RabbitMQ counts at least once, though the consumer is killed`,
      async () => {
        const database = foreignMessages.length + index;
        const { settled, letters } = await run(messages, "rabbit", database);
        const { applied, duplicate, undecodable, unidentified, redelivered } = settled.ledger;
        expect([unidentified, duplicate]).toEqual([applied + undecodable, 0]);
        // What counts twice was delivered twice.
        const sent = times * messages.good.length + messages.junk.length;
        expect(unidentified - sent).toBeLessThanOrEqual(redelivered);
        expect(holds(settled.keys, messages.state(`${times}`))).toBe(true);
        expectJunkAside(letters, messages);
      },
      testMs,
    );
  }
});

const textOf = ({ body }: Letter) => Buffer.from(body).toString();

/** Whether counts are at least, and everything else exactly, what is expected. */
function holds(found: unknown, expected: unknown): boolean {
  if (typeof expected === "object" && expected !== null) {
    const members = (found ?? {}) as Record<string, unknown>;
    return Object.entries(expected).every(([name, each]) => holds(members[name], each));
  }
  return Number.isNaN(Number(expected)) ? found === expected : Number(found) >= Number(expected);
}
