import { Counter, type Registry } from "prom-client";
import { metricNames } from "../metrics.ts";

/**
 * Why a door lets an event not in: there is no room for it (`rate`, `in-flight`, `bodies`), its client sends more than its
 * rate (`client-rate`), or nobody who may send it does (`unauthenticated`).
 */
const reasons = ["rate", "in-flight", "bodies", "client-rate", "unauthenticated"] as const;

/** Counts an event that was refused. */
export type RefusalCounter = (reason: (typeof reasons)[number]) => void;

/** The counter of what a process's doors refuse, told in `registry`. */
export function refusalCounter(registry: Registry, pipeline: string): RefusalCounter {
  const refused = new Counter({
    name: metricNames.refused,
    help: "Events that the doors did not let in.",
    labelNames: ["pipeline", "reason"],
    registers: [registry],
  });
  // From 0 on, so that the first refusal shows in rates.
  for (const reason of reasons) refused.inc({ pipeline, reason }, 0);
  return (reason) => refused.inc({ pipeline, reason });
}
