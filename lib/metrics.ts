import { Counter, Gauge, Registry } from "prom-client";

/** The names of all metrics; dashboards, alerts and the ledger read them from here. */
export const metricNames = {
  /** Events confirmed by a lane or hop, by `lane`. */
  published: "tweet_pipeline_published_total",
  /** Events that a lane or hop may have stored without our knowing, by `lane`. */
  unconfirmed: "tweet_pipeline_unconfirmed_total",
  /** A lane's ledger in deliveries, by `pipeline` and `lane`, as gauges: it is read, not counted here. */
  ledgerPublished: "tweet_pipeline_ledger_published",
  ledgerApplied: "tweet_pipeline_ledger_applied",
  ledgerDuplicates: "tweet_pipeline_ledger_duplicates",
  ledgerDeadLettered: "tweet_pipeline_ledger_dead_lettered",
  ledgerInFlight: "tweet_pipeline_ledger_in_flight",
  ledgerDifference: "tweet_pipeline_ledger_difference",
  /** Dead letters that nobody has dealt with, by `pipeline` and `lane`. */
  deadLettersWaiting: "tweet_pipeline_dead_letters_waiting",
  /** Events for which a hop was asked again, by `lane`. */
  repeated: "tweet_pipeline_repeated_total",
  /** 1 while a lane that stores nothing is left alone, by `lane`. */
  circuitOpen: "tweet_pipeline_circuit_open",
  /** Events that a process's doors let in. */
  admitted: "tweet_pipeline_admitted_total",
  /** Events that they did not let in, by `reason`. */
  refused: "tweet_pipeline_refused_total",
  /** How many events may be in flight now, and how many are. */
  inFlightLimit: "tweet_pipeline_in_flight_limit",
  inFlight: "tweet_pipeline_in_flight",
  /** When the certificate of mutual TLS between hops ends, in seconds since 1970. */
  hopCertificateEnd: "tweet_pipeline_hop_certificate_end_timestamp_seconds",
} as const;

/** What a relay counts. */
export interface RelayMetrics {
  readonly registry: Registry;
  published(lane: string, events: number): void;
  unconfirmed(lane: string, events: number): void;
  repeated(lane: string): void;
  circuit(lane: string, isOpen: boolean): void;
  /** When the certificate of the hops ends, in seconds since 1970; before the first time there is no such metric. */
  hopCertificate(endsAtS: number): void;
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
  const repeated = new Counter({
    name: metricNames.repeated,
    help: "Events for which a hop was asked again.",
    labelNames: ["pipeline", "lane"],
    registers: [registry],
  });
  const circuitOpen = new Gauge({
    name: metricNames.circuitOpen,
    help: "1 while a lane that stores nothing is left alone.",
    labelNames: ["pipeline", "lane"],
    registers: [registry],
  });
  const hopCertificateEnd = new Gauge({
    name: metricNames.hopCertificateEnd,
    help: "When the certificate of mutual TLS between hops ends, in seconds since 1970.",
    labelNames: ["pipeline"],
    registers: [registry],
  });
  return {
    registry,
    published: (lane, events) => published.inc({ pipeline, lane }, events),
    unconfirmed: (lane, events) => unconfirmed.inc({ pipeline, lane }, events),
    repeated: (lane) => repeated.inc({ pipeline, lane }),
    circuit: (lane, isOpen) => circuitOpen.set({ pipeline, lane }, isOpen ? 1 : 0),
    hopCertificate: (endsAtS) => hopCertificateEnd.set({ pipeline }, endsAtS),
  };
}
