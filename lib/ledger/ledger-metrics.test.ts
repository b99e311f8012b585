import { expect, test } from "bun:test";
import { Registry } from "prom-client";
import { metricNames } from "../metrics.ts";
import { type LaneReport, sumOf } from "./ledger.ts";
import { type LedgerReading, ledgerMetrics } from "./ledger-metrics.ts";

const lane: LaneReport = {
  ...{ published: 9, applied: 5, duplicates: 2, deadLettered: 1, inFlight: 1, repeated: 0 },
  ...{ proven: true, closes: true, difference: 0 },
};

function registryOf(reading: () => Promise<readonly LedgerReading[]>) {
  const registry = new Registry();
  ledgerMetrics(registry, reading);
  return async () =>
    (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("the ledger's gauges are read when they are scraped, by pipeline and lane", async () => {
  let reads = 0;
  const scrape = registryOf(() => {
    reads += 1;
    const ledger = sumOf({ kafka: lane });
    return Promise.resolve([{ pipeline: "p", ledger, deadLetters: { kafka: { waiting: 3 } } }]);
  });
  expect(reads).toBe(0);
  const labels = '{pipeline="p",lane="kafka"}';
  expect(await scrape()).toEqual([
    `${metricNames.ledgerPublished}${labels} 9`,
    `${metricNames.ledgerApplied}${labels} 5`,
    `${metricNames.ledgerDuplicates}${labels} 2`,
    `${metricNames.ledgerDeadLettered}${labels} 1`,
    `${metricNames.ledgerInFlight}${labels} 1`,
    `${metricNames.ledgerDifference}${labels} 0`,
    `${metricNames.deadLettersWaiting}${labels} 3`,
  ]);
  await Promise.all([scrape(), scrape()]);
  expect(reads).toBe(1);
});

test("what does not answer has no sample", async () => {
  const silent = { ...lane, closes: false, proven: false, fault: "no broker" };
  const scrape = registryOf(() =>
    Promise.resolve([
      { pipeline: "p", ledger: sumOf({ kafka: silent }), deadLetters: { kafka: null } },
      { pipeline: "q", ledger: null, deadLetters: {} },
    ]),
  );
  expect(await scrape()).toEqual([]);
  expect(await registryOf(() => Promise.reject(new Error("gone")))()).toEqual([]);
});
