import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { downAfterMinMs } from "../../charts/constructs/sentinel-settings.ts";
import { WeatherTweetRequestSchema } from "../../gen/weathertweet/weathertweet_pb.ts";
import { kafkaPublisher } from "../../lib/broker/kafka/kafka-publisher.ts";
import type { BrokerMessage } from "../../lib/broker/message.ts";
import type { Publisher } from "../../lib/broker/publisher.ts";
import { rabbitPublisher } from "../../lib/broker/rabbit/rabbit-publisher.ts";
import { encoded } from "../../lib/delivery/encoded.ts";
import { newEventId } from "../../lib/event/event-id.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { type System, startSystem } from "../../tools/up/system.ts";
import { boardClient } from "../board.ts";
import { cpuMs } from "./cpu.ts";
import type { Row } from "./table.ts";

const backlog = 100_000;
const atOnce = 500;
const publishMs = 30_000;
const drainMs = 120_000;

/** Publishes a backlog to each lane while its consumer is down, then times how the consumer folds it. */
export async function benchConsumer(
  dir: string,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  await using system = await startSystem({ dir: join(dir, "consumer"), pipelines: [climaApp] });
  return await drainLanes(system, say);
}

/** The same into a Valkey of three servers under sentinels: acknowledged at once, and when one copy has it. */
export async function benchWait(dir: string, say: (line: string) => void): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const VALKEY_WAIT of ["0", "1"]) {
    say(`consumer: VALKEY_WAIT=${VALKEY_WAIT}`);
    await using system = await startSystem({
      dir: join(dir, `wait-${VALKEY_WAIT}`),
      pipelines: [climaApp],
      watched: { downAfterMs: downAfterMinMs },
      adjust: async (plans) =>
        plans.map((plan) => ({ ...plan, env: { ...plan.env, VALKEY_WAIT } })),
    });
    const drained = await drainLanes(system, say);
    rows.push(...drained.map((row) => ({ VALKEY_WAIT, ...row })));
  }
  return rows;
}

async function drainLanes(system: System, say: (line: string) => void): Promise<readonly Row[]> {
  const { kafka: brokers, rabbit: url } = system.urls;
  const rows: Row[] = [];
  for (const lane of ["kafka", "rabbit"]) {
    say(`consumer: ${backlog} events on lane ${lane}`);
    await using publisher =
      lane === "kafka"
        ? kafkaPublisher({ brokers, topic: climaApp.broker.topic })
        : rabbitPublisher({ url, queue: climaApp.broker.queue });
    rows.push(await drainLane(system, lane, publisher));
  }
  return rows;
}

async function drainLane(
  system: System,
  lane: string,
  publisher: Publisher<BrokerMessage>,
): Promise<Row> {
  const consumer = system.processes.get(`clima-app-${lane}-consumer`);
  const valkey = system.processes.get("valkey1");
  if (consumer === undefined || valkey?.pid === undefined) {
    throw new Error(`Cannot measure lane ${lane}: the system has no consumer or no Valkey`);
  }
  await consumer.stop();
  await fill(publisher);
  const board = boardClient(new URL(system.urls.http));
  const { stored: before } = await board.ledger();
  const valkeyBefore = cpuMs(valkey.pid);
  await consumer.start();
  const end = Date.now() + drainMs;
  let first = { stored: before, atMs: performance.now() };
  let { stored } = first;
  while (stored < before + backlog && Date.now() < end) {
    // Under sentinels a consumer waits for seconds before it folds at all.
    if (stored === before) first = { stored, atMs: performance.now() };
    await Bun.sleep(50);
    ({ stored } = await board.ledger());
  }
  const tookMs = performance.now() - first.atMs;
  const folded = stored - before;
  return {
    lane,
    events: folded,
    "events/s": Math.round(((stored - first.stored) / tookMs) * 1_000),
    "CPU µs/event: consumer": Math.round((cpuMs(consumer.pid ?? 0) * 1_000) / folded),
    Valkey: Math.round(((cpuMs(valkey.pid) - valkeyBefore) * 1_000) / folded),
  };
}

async function fill(publisher: Publisher<BrokerMessage>): Promise<void> {
  const events = encoded(climaApp, publisher);
  for (let sent = 0; sent < backlog; sent += atOnce) {
    const batch = Array.from({ length: atOnce }, (_, index) => ({
      id: newEventId(),
      message: create(WeatherTweetRequestSchema, {
        municipality: 1 + (index % 4),
        temperature: 18 + (index % 11),
        humidity: 40 + (index % 41),
        weather: 1 + (index % 4),
      }),
    }));
    const results = await events.publish(batch, { deadlineAtMs: Date.now() + publishMs });
    const failed = results.find((each) => !each.stored);
    if (failed?.stored === false) throw failed.error;
  }
}
