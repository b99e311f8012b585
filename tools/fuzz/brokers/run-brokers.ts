import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { AnyPipeline } from "../../../lib/pipeline/pipeline.ts";
import type { Lane } from "../../../lib/pipeline/station.ts";
import { climaApp } from "../../../pipelines/clima-app.ts";
import { votaciones } from "../../../pipelines/votaciones.ts";
import { type System, startSystem } from "../../up/system.ts";
import { asStep, type FuzzContext } from "../context.ts";
import { goodBodies } from "../generate/json-body.ts";
import { formsOf } from "../model/field-form.ts";
import type { Row } from "../row.ts";
import { httpWay, steadyClient } from "../steady-client.ts";
import { watchSurvival } from "../watch.ts";
import { feedLane } from "./feed-lane.ts";
import { kafkaFeed } from "./kafka-feed.ts";
import { laneFaults } from "./lane-faults.ts";
import { rabbitFeed } from "./rabbit-feed.ts";

/** A lane that gets messages of its own, and the route by which good events come beside them. */
interface FedLane {
  readonly pipeline: AnyPipeline;
  readonly lane: Lane;
  readonly path: string;
}

const lanes: readonly FedLane[] = [
  { pipeline: climaApp, lane: "kafka", path: "/clima-app/clima" },
  { pipeline: climaApp, lane: "rabbit", path: "/clima-app/clima" },
  { pipeline: votaciones, lane: "kafka", path: "/votaciones/rust/send_data" },
];

/** Puts messages that nobody can read on topics and queues of real servers, among good ones, and looks at what is left. */
export async function runBrokers(context: FuzzContext, messages: number): Promise<readonly Row[]> {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-fuzz-"));
  try {
    await using system = await startSystem({
      dir,
      pipelines: [climaApp, votaciones],
      target: "both",
      signal: context.signal,
      onProgress: context.progress.onProgress,
    });
    const rows: Row[] = [];
    for (const lane of lanes) {
      if (!context.signal.aborted) rows.push(await fuzzLane(context, system, lane, messages));
    }
    return rows;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function fuzzLane(
  context: FuzzContext,
  { urls, boards, processes }: System,
  { pipeline, lane, path }: FedLane,
  count: number,
): Promise<Row> {
  const { seed, signal } = context;
  const place = `${pipeline.name}, ${lane}`;
  const ours = [...processes.values()].filter(({ name }) => name.startsWith(pipeline.name));
  using survival = watchSurvival(ours);
  const look = laneFaults({ url: urls.http, pipeline, lane, env: boards[pipeline.name] ?? {} });
  const before = await look.before();
  const bodies = fc.sample(goodBodies(formsOf(pipeline.message)), { numRuns: 50, seed });
  const client = steadyClient([httpWay(path, `${urls.http}${path}`, bodies)]);
  const startedMs = performance.now();
  const fed = await asStep(context, `${count} messages on ${place}`, async () => {
    await using feed =
      lane === "kafka"
        ? await kafkaFeed(urls.kafka, pipeline.broker.topic)
        : await rabbitFeed(urls.rabbit, pipeline.broker.queue);
    return await feedLane(pipeline, feed, { count, seed, signal });
  });
  const steady = await client.stop();
  const taken = steady.taken.get(path) ?? [];
  const after = await asStep(context, `everything of ${place} at rest`, () =>
    look.after(before, fed, taken, signal),
  );
  const { note, faults } = survival.report();
  const all = [...after.faults, ...steady.faults, ...faults];
  return {
    ...{ part: "brokers", place, sent: fed.sent, taken: fed.good, refused: fed.asides },
    ...{ other: fed.repeats, tookMs: performance.now() - startedMs },
    notes: [after.note, steady.note, note],
    findings: all.map((what) => ({ at: place, what, seed, index: 0 })),
    found: all.length,
  };
}
