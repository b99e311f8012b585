import { metricNames } from "../metrics.ts";
import type { QueuePublished } from "./lane-probe.ts";

const timeoutMs = 1_000;

/**
 * What the relays counted of a lane since they started, summed; undefined where no relay is known or one does not
 * answer. A relay that was restarted has lost its count: then `confirmed` is too low and the ledger says so.
 */
export async function relayCounts(
  admins: readonly URL[],
  lane: string,
): Promise<QueuePublished | undefined> {
  if (admins.length === 0) return undefined;
  try {
    const pages = await Promise.all(admins.map(metricsOf));
    const sum = (name: string) =>
      pages.reduce((total, page) => total + countOf(page, name, lane), 0);
    return { confirmed: sum(metricNames.published), unconfirmed: sum(metricNames.unconfirmed) };
  } catch {
    return undefined;
  }
}

async function metricsOf(admin: URL): Promise<string> {
  const response = await fetch(new URL("/metrics", admin), {
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok)
    throw new Error(`Cannot read metrics of ${admin}: status is ${response.status}`);
  return response.text();
}

/** The sum of a counter's samples with this lane in a page of Prometheus text. */
function countOf(page: string, name: string, lane: string): number {
  return page
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) && line.includes(`lane="${lane}"`))
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
