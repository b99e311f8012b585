import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { SecretKey } from "./service-env.ts";
import type { MongoSource } from "./sources.ts";

/** The variable that leads a service to the pipeline's log. */
export interface LogEnv {
  /**
   * MongoDB's address.
   * @default the pipeline has no log
   */
  readonly MONGO_URL?: SecretKey;
}

/**
 * Where the pipeline's log is, if it has one.
 *
 * @throws Error for a log without MongoDB.
 */
export function logEnv({ name, log }: AnyPipeline, mongo: MongoSource | undefined): LogEnv {
  if (log === undefined) return {};
  if (mongo !== undefined) return { MONGO_URL: mongo.url };
  throw new Error(
    `Cannot deploy ${name}: its log has no MongoDB: current value of mongo is undefined`,
  );
}
