import { ConfigError } from "../../config.ts";
import type { AnyPipeline } from "../../pipeline/pipeline.ts";
import type { EventLog } from "../event-log.ts";
import { reasonOf } from "../reason-of.ts";

/** What a service's environment says of its pipeline's log. */
export interface LogSettings {
  readonly MONGO_URL: string;
  readonly LOG_RETENTION_MS?: number | undefined;
}

/**
 * The log of a pipeline in MongoDB, undefined where it has none; the driver is loaded only for one that has.
 *
 * @throws ConfigError for an address that the driver cannot use, and for entries that would go before their messages: one
 * that came again would be written again.
 */
export async function openLog(
  { log, broker }: AnyPipeline,
  { MONGO_URL: url, LOG_RETENTION_MS: retentionMs }: LogSettings,
): Promise<EventLog | undefined> {
  if (log === undefined) return undefined;
  if (retentionMs !== undefined && retentionMs <= (broker.retentionMs ?? 0)) {
    throw new ConfigError([
      `LOG_RETENTION_MS must be more than the ${broker.retentionMs} that the broker keeps messages: current value is "${retentionMs}"`,
    ]);
  }
  const { mongoLog } = await import("./mongo-log.ts");
  try {
    return mongoLog({ url, collection: log.collection, retentionMs });
  } catch (error) {
    // biome-ignore lint/style/useErrorCause: the faults of a configuration are sentences for people.
    throw new ConfigError([`MONGO_URL is of no use: ${reasonOf(error)}`]);
  }
}
