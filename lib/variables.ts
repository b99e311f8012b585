import {
  absent,
  amqpUrl,
  brokers,
  type ConfigOf,
  integer,
  optional,
  port,
  redisUrl,
  text,
} from "./config.ts";
import { type Policy, policies } from "./pipeline/station.ts";

/** The port of `/live`, `/ready` and `/metrics`. */
export const adminPort = optional(port, 9_090);

/** Which lanes must have stored an event before the reply; a word that names no policy is kept for a warning. */
export const writerTarget = optional(policy, { policy: "both" });

/** Where Kafka is. */
export const kafkaBrokers = optional(brokers, ["kafka-service:9092"], "KAFKA_BROKER");

/** The Kafka topic; the pipeline's own where it is not set. */
export const kafkaTopic = absent(text);

/** Where RabbitMQ is, with user and password. */
export const rabbitUrl = optional(amqpUrl, new URL("amqp://rabbitmq-service:5672"), "RABBITMQ_URL");

/** The RabbitMQ queue; the pipeline's own where it is not set. */
export const rabbitQueue = absent(text);

/** Where the pipeline's Valkey is: an address, which may hold password and logical database, or these by themselves. */
export const valkey = {
  VALKEY_SERVICE_URL: optional(
    redisUrl,
    new URL("redis://valkey-service:6379"),
    "REDIS_ADDR",
    "VALKEY_URL",
  ),
  REDIS_PASSWORD: absent(text, "VALKEY_PASSWORD"),
  REDIS_DB: absent(integer(0, 1_023), "VALKEY_DB"),
};

/** The address of the pipeline's Valkey; what is set by itself goes before what the address holds. */
export function valkeyUrl(config: ConfigOf<typeof valkey>): URL {
  const url = new URL(config.VALKEY_SERVICE_URL);
  if (config.REDIS_PASSWORD !== undefined) url.password = encodeURIComponent(config.REDIS_PASSWORD);
  if (config.REDIS_DB !== undefined) url.pathname = `/${config.REDIS_DB}`;
  return url;
}

/** How many ids the store remembers to tell duplicates; about 76 bytes of Valkey's memory each. */
export const idsMax = optional(integer(1_000, 1_000_000_000), 500_000);

/** How old an id that a client sends may be, in milliseconds; ids of the store must reach back at least as far. */
export const idWindowMs = optional(integer(1_000, 2_592_000_000), 3_600_000);

/** The policy that a word names, in any case; a word that names none means `both`. */
function policy(raw: string): { readonly policy: Policy; readonly unknown?: string } {
  const found = policies.find((each) => each === raw.trim().toLowerCase());
  return found === undefined ? { policy: "both", unknown: raw } : { policy: found };
}
