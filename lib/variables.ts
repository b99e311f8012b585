import { absent, amqpUrl, brokers, integer, optional, port, redisUrl, text } from "./config.ts";

/** The port of `/live`, `/ready` and `/metrics`. */
export const adminPort = optional(port, 9_090);

/** Where Kafka is. */
export const kafkaBrokers = optional(brokers, ["kafka-service:9092"], "KAFKA_BROKER");

/** The Kafka topic; the pipeline's own where it is not set. */
export const kafkaTopic = absent(text);

/** Where RabbitMQ is, with user and password. */
export const rabbitUrl = optional(amqpUrl, new URL("amqp://rabbitmq-service:5672"), "RABBITMQ_URL");

/** The RabbitMQ queue; the pipeline's own where it is not set. */
export const rabbitQueue = absent(text);

/** Where the pipeline's Valkey is, the logical database as path. */
export const valkeyUrl = optional(
  redisUrl,
  new URL("redis://valkey-service:6379"),
  "REDIS_ADDR",
  "VALKEY_URL",
);

/** How many ids the store remembers to tell duplicates; about 76 bytes of Valkey's memory each. */
export const idsMax = optional(integer(1_000, 1_000_000_000), 500_000);

/** How old an id that a client sends may be, in milliseconds; ids of the store must reach back at least as far. */
export const idWindowMs = optional(integer(1_000, 2_592_000_000), 3_600_000);
