import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { readOnce } from "../../lib/broker/dead-letters.suite.ts";
import type { DeadLetters } from "../../lib/broker/dead-letters.ts";
import { kafkaLetterLog } from "../../lib/broker/kafka/kafka-letter-log.ts";
import { kafkaPublisher } from "../../lib/broker/kafka/kafka-publisher.ts";
import { letterBox } from "../../lib/broker/letter-box.ts";
import type { BrokerMessage } from "../../lib/broker/message.ts";
import type { Publisher } from "../../lib/broker/publisher.ts";
import { rabbitLetterLog } from "../../lib/broker/rabbit/rabbit-letter-log.ts";
import { rabbitPublisher } from "../../lib/broker/rabbit/rabbit-publisher.ts";
import { newEventId } from "../../lib/event/event-id.ts";
import { valkeyStore } from "../../lib/store/valkey/valkey-store.ts";
import { serviceProcess } from "../../lib/testing/service-process.ts";
import { until } from "../../lib/testing/until.ts";
import { freePort } from "../../tools/parts/ports.ts";
import { parts } from "../../tools/parts/testing.ts";

const main = join(import.meta.dir, "main.ts");
const good = '{"municipio":"Mixco","temperatura":20,"humedad":50,"clima":"Ventoso"}';
const testMs = 60_000;

async function start(STATION: string, env: Record<string, string>) {
  const adminPort = await freePort();
  const consumer = serviceProcess(main, { STATION, ADMIN_PORT: `${adminPort}`, ...env });
  const ask = (path: string) => fetch(`http://127.0.0.1:${adminPort}${path}`);
  await until(`${STATION} to live`, async () => (await ask("/live")).status === 200);
  return {
    ...consumer,
    ready: async () => (await ask("/ready")).status === 200,
    checks: async () =>
      ((await (await ask("/ready")).json()) as { checks: Record<string, boolean> }).checks,
  };
}

const message = (body: string): BrokerMessage => ({
  id: newEventId(),
  key: undefined,
  body: new TextEncoder().encode(body),
  headers: {},
});

test("a consumer without broker and store lives, is not ready, and stops when told", async () => {
  const nowhere = `127.0.0.1:${await freePort()}`;
  for (const station of ["clima-app/kafka-consumer", "clima-app/rabbit-consumer"]) {
    await using consumer = await start(station, {
      KAFKA_BROKERS: nowhere,
      RABBIT_URL: `amqp://${nowhere}`,
      VALKEY_SERVICE_URL: nowhere,
    });
    expect(await consumer.ready()).toBe(false);
    consumer.child.kill("SIGTERM");
    expect(await consumer.child.exited).toBe(0);
  }
}, 30_000);

test("a consumer of a pipeline with a log has a check of it, others have none", async () => {
  const nowhere = `127.0.0.1:${await freePort()}`;
  const env = { KAFKA_BROKERS: nowhere, VALKEY_SERVICE_URL: nowhere, MONGO_URL: nowhere };
  await using votes = await start("votaciones/consumer", env);
  await using tweets = await start("clima-app/kafka-consumer", env);
  expect(Object.keys(await votes.checks())).toEqual(["kafka", "store", "log"]);
  expect(Object.keys(await tweets.checks())).toEqual(["kafka", "store"]);
}, 30_000);

test("a log's address that cannot be used exits 78 and is told without its password", async () => {
  await using consumer = serviceProcess(main, {
    STATION: "votaciones/consumer",
    MONGO_URL: "mongodb://u:s3cret@host/db?sideways=1",
  });
  expect(await consumer.child.exited).toBe(78);
  const output = await consumer.output;
  expect(output).toContain("MONGO_URL is of no use: Cannot use mongodb://host/db");
  expect(output).not.toContain("s3cret");
}, 30_000);

test("a configuration that cannot be used exits 78 and names every fault", async () => {
  await using consumer = serviceProcess(main, { STATION: "clima-app/api", IDS_MAX: "many" });
  expect(await consumer.child.exited).toBe(78);
  const output = await consumer.output;
  expect(output).toContain("STATION must be one of clima-app/kafka-consumer");
  expect(output).toContain("IDS_MAX must be a whole number");
});

interface Lane {
  readonly station: string;
  readonly label: string;
  readonly env: Record<string, string>;
  publisher(name: string): Publisher<BrokerMessage>;
  letters(name: string): DeadLetters;
}

function lanes(name: string): readonly Lane[] {
  if (parts === undefined) return [];
  const { kafka: brokers, rabbit: url } = parts;
  return [
    {
      station: "clima-app/kafka-consumer",
      label: "Kafka",
      env: { KAFKA_BROKER: brokers.join(","), KAFKA_TOPIC: name, KAFKA_GROUP: name },
      publisher: (topic) => kafkaPublisher({ brokers, topic }),
      letters: (topic) => letterBox(kafkaLetterLog({ brokers, topic: `${topic}.dlq` })),
    },
    {
      station: "clima-app/rabbit-consumer",
      label: "Rabbit",
      env: { RABBITMQ_URL: url, RABBIT_QUEUE: name },
      publisher: (queue) => rabbitPublisher({ url, queue }),
      letters: (queue) => letterBox(rabbitLetterLog({ url, queue })),
    },
  ];
}

describe.skipIf(!parts)("a consumer of real brokers", () => {
  for (const lane of lanes(`consumer-${crypto.randomUUID()}`)) {
    test(
      `folds what it can read from ${lane.label} and sets the rest aside with its reason`,
      async () => {
        const name = lane.env.KAFKA_TOPIC ?? lane.env.RABBIT_QUEUE ?? "";
        await using valkey = await parts?.startValkey();
        const url = valkey?.url ?? "";
        await using publisher = lane.publisher(name);
        await using consumer = await start(lane.station, {
          ...lane.env,
          VALKEY_SERVICE_URL: url,
          LOG_EVENTS: "1",
        });
        const poison = message("{ no json");
        const events = [message(good), poison, message(good)];
        const results = await publisher.publish(events, { deadlineAtMs: Date.now() + 20_000 });
        expect(results.every(({ stored }) => stored)).toBe(true);
        await using store = valkeyStore({ url });
        const total = async () =>
          (await store.read({ keys: [{ key: "total", kind: "value" }] })).keys[0];
        await until("both good events", async () => (await total()) === "2", { timeoutMs: 20_000 });
        expect(await consumer.ready()).toBe(true);

        await using letters = lane.letters(name);
        const [letter] = await readOnce(1, letters);
        expect(letter?.id).toBe(poison.id);
        expect(letter?.message.headers).toEqual({ reason: "undecodable" });

        consumer.child.kill("SIGTERM");
        expect(await consumer.child.exited).toBe(0);
        const output = await consumer.output;
        expect(output).toContain(`✅ [${lane.label}→Valkey] ${good}`);
        expect(output).toContain(`❌ JSON inválido [${lane.label}→Valkey]`);
      },
      testMs,
    );
  }
});
