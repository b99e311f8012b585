import { Gauge, type Registry } from "prom-client";
import { metricNames } from "../metrics.ts";
import type { Ledger } from "./ledger.ts";

/** What is known of a pipeline when its gauges are read. */
export interface LedgerReading {
  readonly pipeline: string;
  /** Null where the store does not answer. */
  readonly ledger: Ledger | null;
  /** How many dead letters wait, by lane; null where the broker does not answer. */
  readonly deadLetters: Readonly<Record<string, { readonly waiting: number } | null>>;
}

/** Brokers and stores are asked once in so long at most, however often the page of metrics is read. */
const everyMs = 3_000;

const gauges = {
  ledgerPublished: "Deliveries that a lane's broker holds or has handed over.",
  ledgerApplied: "Deliveries of a lane that had their effect.",
  ledgerDuplicates: "Deliveries of a lane whose event had its effect already.",
  ledgerDeadLettered: "Deliveries of a lane that were set aside.",
  ledgerInFlight: "Deliveries of a lane that are not settled yet.",
  ledgerDifference:
    "What the store counted more (or less) often than it passed in a lane; 0 where the ledger closes.",
  deadLettersWaiting: "Dead letters of a lane that nobody has dealt with.",
} as const;

type GaugeName = keyof typeof gauges;

/**
 * Registers gauges of the ledger and of the dead letters, by pipeline and lane. They are read when somebody scrapes them;
 * of what does not answer there is no sample.
 */
export function ledgerMetrics(
  registry: Registry,
  read: () => Promise<readonly LedgerReading[]>,
): void {
  let last: Promise<readonly LedgerReading[]> | undefined;
  let readAtMs = 0;
  const recent = () => {
    if (last === undefined || performance.now() - readAtMs >= everyMs) {
      readAtMs = performance.now();
      last = read().catch(() => []);
    }
    return last;
  };
  for (const name of Object.keys(gauges) as readonly GaugeName[]) {
    const gauge = new Gauge({
      name: metricNames[name],
      help: gauges[name],
      labelNames: ["pipeline", "lane"],
      registers: [registry],
      async collect() {
        const readings = await recent();
        gauge.reset();
        for (const { lane, pipeline, value } of readings.flatMap((each) => samplesOf(name, each))) {
          gauge.set({ pipeline, lane }, value);
        }
      },
    });
  }
}

function samplesOf(name: GaugeName, { pipeline, ledger, deadLetters }: LedgerReading) {
  if (name === "deadLettersWaiting") {
    return Object.entries(deadLetters).flatMap(([lane, counts]) =>
      counts === null ? [] : [{ pipeline, lane, value: counts.waiting }],
    );
  }
  return Object.entries(ledger?.lanes ?? {}).flatMap(([lane, report]) => {
    if (report.fault !== undefined) return [];
    const values = {
      ledgerPublished: report.published,
      ledgerApplied: report.applied,
      ledgerDuplicates: report.duplicates,
      ledgerDeadLettered: report.deadLettered,
      ledgerInFlight: report.inFlight,
      ledgerDifference: report.difference ?? 0,
    };
    return [{ pipeline, lane, value: values[name] }];
  });
}
