import { describe, expect, test } from "bun:test";
import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../lib/testing/until.ts";
import { holds, reportLines } from "../../loadtest/report.ts";
import { type LoadResult, runLoad } from "../../loadtest/run-load.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { parts } from "../parts/testing.ts";
import type { System } from "./system.ts";
import { ownSystem } from "./testing/own-system.ts";

const pipelines = [climaApp];
const requests = 3_000;
const testMs = 120_000;
/** What Valkey loses of its file: the effects of some hundred events. */
const lostBytes = 200_000;

/** Loads the system and calls `strike` once, when a third has been acknowledged. */
async function loadAnd(system: System, strike: () => Promise<void> | void): Promise<LoadResult> {
  let struck: Promise<void> | undefined;
  const result = await runLoad(
    { url: new URL(system.urls.http), requests, users: 10, keys: true, drainMs: 60_000 },
    (done) => {
      if (done >= requests / 3) struck ??= Promise.resolve(strike());
    },
  );
  await struck;
  if (!holds(result)) console.log(reportLines(result).join("\n"));
  return result;
}

describe.skipIf(!parts)("a system under load, both lanes required", () => {
  const { get, child } = ownSystem({ pipelines });

  test(
    "stores every acknowledged tweet once, its copy on the other lane never",
    async () => {
      const result = await loadAnd(get(), () => {});
      expect(holds(result)).toBe(true);
      expect(result.repeated).toBe(0);
      expect(result.ledger.duplicates).toBe(requests);
    },
    testMs,
  );

  for (const name of [
    "clima-app-api",
    "clima-app-proxy",
    "clima-app-writer",
    "clima-app-kafka-consumer",
    "clima-app-rabbit-consumer",
    "kafka1",
    "rabbitmq",
    "valkey1",
  ]) {
    test(
      `loses nothing and counts nothing twice when ${name} is killed`,
      async () => {
        const { pid } = child(name);
        const result = await loadAnd(get(), () => {
          if (pid !== undefined) process.kill(pid, "SIGKILL");
        });
        expect(holds(result)).toBe(true);
        expect(child(name).pid).not.toBe(pid);
      },
      testMs,
    );
  }
});

describe.skipIf(!parts)("a system under load, the Kafka lane required", () => {
  const { dir, get, child } = ownSystem({ pipelines, target: "kafka" });

  test(
    "is rewound when Valkey comes back without its last second",
    async () => {
      const valkey = child("valkey1");
      const file = () => appendOnlyFile(dir);
      const result = await loadAnd(get(), async () => {
        const bytes = statSync(file()).size;
        await until(
          "events whose effects will be lost",
          () => statSync(file()).size > bytes + lostBytes,
        );
        await valkey.kill();
        truncateSync(file(), bytes);
        await valkey.start();
      });
      expect(holds(result)).toBe(true);
    },
    testMs,
  );
});

describe.skipIf(!parts)("a system under load, three brokers", () => {
  const { get, child } = ownSystem({ pipelines, kafkaNodes: 3 });

  test(
    "loses nothing and counts nothing twice when a partition's leader is killed",
    async () => {
      // Three partitions over three brokers: each leads one.
      const { pid } = child("kafka2");
      const result = await loadAnd(get(), () => {
        if (pid !== undefined) process.kill(pid, "SIGKILL");
      });
      expect(holds(result)).toBe(true);
    },
    testMs,
  );
});

/** The file that Valkey appends to. */
function appendOnlyFile(dir: string): string {
  const folder = join(dir, "data", "valkey1", "appendonlydir");
  const name = readdirSync(folder).find((each) => each.endsWith(".incr.aof"));
  if (name === undefined) throw new Error(`Cannot cut the append-only file: none in ${folder}`);
  return join(folder, name);
}
