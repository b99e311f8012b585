import { Counter, Registry } from "prom-client";

/** The names of all metrics; dashboards, alerts and the ledger read them from here. */
export const metricNames = {
  /** Events confirmed by a lane or hop, by `lane`. */
  published: "tweet_pipeline_published_total",
  /** Events that a lane or hop may have stored without our knowing, by `lane`. */
  unconfirmed: "tweet_pipeline_unconfirmed_total",
} as const;

/** What a relay counts. */
export interface RelayMetrics {
  readonly registry: Registry;
  published(lane: string, events: number): void;
  unconfirmed(lane: string, events: number): void;
}

/** Fresh metrics for a relay of `pipeline`. */
export function relayMetrics(pipeline: string): RelayMetrics {
  const registry = new Registry();
  const published = new Counter({
    name: metricNames.published,
    help: "Events confirmed by a lane or hop.",
    labelNames: ["pipeline", "lane"],
    registers: [registry],
  });
  const unconfirmed = new Counter({
    name: metricNames.unconfirmed,
    help: "Events that a lane or hop may have stored without confirming it.",
    labelNames: ["pipeline", "lane"],
    registers: [registry],
  });
  return {
    registry,
    published: (lane, events) => published.inc({ pipeline, lane }, events),
    unconfirmed: (lane, events) => unconfirmed.inc({ pipeline, lane }, events),
  };
}
