import { rebuildLoad } from "../../../cli/testing/rebuild-load.ts";
import { jsonLines, startCommand } from "../../../cli/testing/run.ts";
import { kafkaEnds } from "../../../lib/broker/kafka/kafka-ends.ts";
import { kafkaPublisher } from "../../../lib/broker/kafka/kafka-publisher.ts";
import { kafkaSubscriber } from "../../../lib/broker/kafka/kafka-subscriber.ts";
import { foldHandler } from "../../../lib/delivery/fold-handler.ts";
import { silentLog } from "../../../lib/log.ts";
import type { AnyPipeline } from "../../../lib/pipeline/pipeline.ts";
import type { Comparison } from "../../../lib/store/compare-stores.ts";
import { valkeyStore } from "../../../lib/store/valkey/valkey-store.ts";
import { until } from "../../../lib/testing/until.ts";
import { startKafka } from "../../../tools/parts/kafka.ts";
import { partsDir } from "../../../tools/parts/parts-dir.ts";
import { createStack } from "../../../tools/parts/stack.ts";
import { startValkey } from "../../../tools/parts/valkey.ts";
import type { Row } from "../table.ts";

const loadSize = 10_000;
const foldMs = 600_000;
const idsMax = 20_000_000;
const topic = "rebuilt";

interface Servers {
  readonly pipeline: AnyPipeline;
  readonly brokers: readonly string[];
  readonly url: string;
}

/** Folds `count` messages, and then again by `rebuild`: what it found and how fast it was. */
export async function benchRebuild(
  pipeline: AnyPipeline,
  count: number,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  await using stack = createStack({ programs: partsDir(process.env) });
  const [kafka, valkey] = [
    await startKafka(stack),
    await startValkey(stack, { settings: { maxmemory: "4gb" } }),
  ];
  const servers = { pipeline, brokers: kafka.brokers, url: valkey.url };
  say(`publishing ${count} messages`);
  const events = await publish(servers, count);
  say(`folding them: ${events} events`);
  const foldedMs = await fold(servers);
  const rows = [{ ...rowOf("consumer", count, foldedMs), checksum: "" }];
  for (const flag of ["--check", "--yes"]) {
    say(`rebuild ${flag}`);
    const { events: messages, tookMs, comparison } = await rebuild(servers, flag);
    const { fresh, live, differing } = comparison;
    const verdict = fresh === live && differing === 0 ? "the same" : `${differing} keys differ`;
    rows.push({ ...rowOf(`rebuild ${flag}`, messages, tookMs), checksum: `${fresh} (${verdict})` });
  }
  return rows;
}

async function publish({ pipeline, brokers }: Servers, count: number): Promise<number> {
  await using publisher = kafkaPublisher({ brokers, topic, create: { partitions: 3 } });
  let events = 0;
  for (let sent = 0; sent < count; sent += loadSize) {
    const load = rebuildLoad(pipeline, Math.min(loadSize, count - sent), sent + 1);
    events += load.events;
    const results = await publisher.publish(load.messages, { deadlineAtMs: Date.now() + 60_000 });
    for (const result of results) if (!result.stored) throw result.error;
  }
  return events;
}

async function fold({ pipeline, brokers, url }: Servers): Promise<number> {
  await using deadLetters = kafkaPublisher({ brokers, topic: `${topic}.dlq` });
  await using store = valkeyStore({ url, idsMax });
  await using ends = kafkaEnds({ brokers, topic });
  const handler = foldHandler([store], { pipeline, lane: "kafka", deadLetters, log: silentLog });
  const startMs = performance.now();
  await using _consumer = await kafkaSubscriber({ brokers, topic, group: "bench" }).subscribe(
    handler,
  );
  const all = await ends.read();
  const isFolded = async () => {
    const cursors = await store.cursors([...all.keys()]);
    return [...all].every(([partition, end]) => (cursors.get(partition) ?? 0) >= end);
  };
  await until("all to be folded", isFolded, { timeoutMs: foldMs, everyMs: 100 });
  return performance.now() - startMs;
}

async function rebuild({ pipeline, brokers, url }: Servers, flag: string) {
  const env = {
    ...{ KAFKA_BROKERS: brokers.join(","), KAFKA_TOPIC: topic, VALKEY_SERVICE_URL: url },
    IDS_MAX: `${idsMax}`,
  };
  const child = startCommand("rebuild", [pipeline.name, flag, "--json"], env);
  const [code, out, err] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  const [report] = jsonLines(out);
  if (code !== 0) throw new Error(`Cannot rebuild: current exit code is ${code}: ${out}${err}`);
  return report as unknown as {
    readonly events: number;
    readonly tookMs: number;
    readonly comparison: Comparison;
  };
}

function rowOf(what: string, messages: number, tookMs: number) {
  const seconds = (tookMs / 1_000).toFixed(1);
  return { what, messages, seconds, "messages/s": Math.round((messages / tookMs) * 1_000) };
}
