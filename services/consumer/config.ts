import { absent, flag, integer, optional, required, text } from "../../lib/config.ts";
import { stationOf } from "../../lib/pipeline/find-station.ts";
import {
  adminPort,
  idsMax,
  kafkaAccess,
  kafkaBrokers,
  kafkaTopic,
  mongoUrl,
  rabbitQueue,
  rabbitUrl,
  valkey,
  valkeyWait,
} from "../../lib/variables.ts";
import { pipelines } from "../../pipelines/all.ts";

/** What a consumer reads from its environment; its charts are typed by this table. */
export const spec = {
  /** The consumer's place, such as `clima-app/kafka-consumer`. */
  STATION: required(stationOf(pipelines, "consumer")),
  ADMIN_PORT: adminPort,
  KAFKA_BROKERS: kafkaBrokers,
  KAFKA_TOPIC: kafkaTopic,
  ...kafkaAccess,
  /** The consumer group; the station's own where it is not set. */
  KAFKA_GROUP: absent(text),
  RABBIT_URL: rabbitUrl,
  RABBIT_QUEUE: rabbitQueue,
  ...valkey,
  VALKEY_WAIT: valkeyWait,
  IDS_MAX: idsMax,
  MONGO_URL: mongoUrl,
  /** After what time the log's entries may be removed, in milliseconds; they stay where it is not set. */
  LOG_RETENTION_MS: absent(integer(60_000, 31_622_400_000)),
  /** One line per event, for people who follow the log. */
  LOG_EVENTS: optional(flag, false),
};
