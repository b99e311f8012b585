import { httpUrls, optional, port } from "../../lib/config.ts";
import { pipelineOf } from "../../lib/pipeline/find-station.ts";
import {
  adminPort,
  kafkaAccess,
  kafkaBrokers,
  kafkaTopic,
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
  ...valkey,
  KAFKA_BROKERS: kafkaBrokers,
  KAFKA_TOPIC: kafkaTopic,
  ...kafkaAccess,
  RABBIT_URL: rabbitUrl,
  RABBIT_QUEUE: rabbitQueue,
  /** The admin addresses of the relays that publish to RabbitMQ, for the ledger; without them it is unproven there. */
  RELAY_ADMIN_URLS: optional(httpUrls, []),
};
