import { basePath, httpUrls, optional, port } from "../../lib/config.ts";
import { pipelineOf } from "../../lib/pipeline/find-station.ts";
import {
  adminPort,
  corsOrigins,
  kafkaAccess,
  kafkaBrokers,
  kafkaTopic,
  mongoUrl,
  rabbitQueue,
  rabbitUrl,
  valkey,
} from "../../lib/variables.ts";
import { pipelines } from "../../pipelines/all.ts";
import { climaApp } from "../../pipelines/clima-app.ts";

/** What a board reads from its environment; its charts are typed by this table. */
export const spec = {
  /** The pipeline whose store this board shows. */
  PIPELINE: optional(pipelineOf(pipelines), climaApp),
  PORT: optional(port, 5_000),
  ADMIN_PORT: adminPort,
  CORS_ORIGINS: corsOrigins,
  /** A path below which everything is served a second time, for an Ingress or a proxy that leaves it on. */
  BASE_PATH: optional(basePath, ""),
  ...valkey,
  MONGO_URL: mongoUrl,
  KAFKA_BROKERS: kafkaBrokers,
  KAFKA_TOPIC: kafkaTopic,
  ...kafkaAccess,
  RABBIT_URL: rabbitUrl,
  RABBIT_QUEUE: rabbitQueue,
  /** The admin addresses of the relays that publish to RabbitMQ, for the ledger; without them it is unproven there. */
  RELAY_ADMIN_URLS: optional(httpUrls, []),
};
