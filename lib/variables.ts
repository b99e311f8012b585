import type { KafkaConnection } from "./broker/kafka/kafka-connection.ts";
import { saslMechanisms } from "./broker/kafka/sasl-mechanism.ts";
import {
  absent,
  amqpUrl,
  brokers,
  ConfigError,
  type ConfigOf,
  flag,
  httpUrls,
  integer,
  mongoUrl as mongoAddress,
  oneOf,
  optional,
  origins,
  port,
  text,
} from "./config.ts";
import { configFile } from "./config-file.ts";
import { type Policy, policies } from "./pipeline/station.ts";
import { type ValkeyAddress, valkeyAddress } from "./store/valkey/valkey-address.ts";

/** The port of `/live`, `/ready` and `/metrics`. */
export const adminPort = optional(port, 9_090);

/** Which lanes must have stored an event before the reply; a word that names no policy is kept for a warning. */
export const writerTarget = optional(policy, { policy: "both" });

/** Where Kafka is. */
export const kafkaBrokers = optional(brokers, ["kafka-service:9092"], "KAFKA_BROKER");

/** The Kafka topic; the pipeline's own where it is not set. */
export const kafkaTopic = absent(text);

/** How a service gets into Kafka: who it is, where the brokers ask for that, and whether they are reached over TLS. */
export const kafkaAccess = {
  /** The user; with it a password, or neither. */
  KAFKA_USERNAME: absent(text),
  KAFKA_PASSWORD: absent(text),
  /** How the password is proved. */
  KAFKA_SASL_MECHANISM: optional(oneOf(saslMechanisms), "plain"),
  /** Whether connections are encrypted. */
  KAFKA_TLS: optional(flag, false),
  /** The authority that signed the brokers' certificates, in PEM; those that everybody knows where it is not set. */
  KAFKA_CA_FILE: absent(text),
};

/**
 * Where Kafka is and how to get in, as its drivers take it.
 *
 * @throws ConfigError for one half of a login, and for an authority that is of no use or no file.
 */
export function kafkaConnection(
  config: ConfigOf<typeof kafkaAccess> & { readonly KAFKA_BROKERS: readonly string[] },
): Pick<KafkaConnection, "brokers" | "sasl" | "tls"> {
  const { KAFKA_USERNAME: username, KAFKA_PASSWORD: password, KAFKA_CA_FILE: caFile } = config;
  const faults = [
    ...((username === undefined) === (password === undefined)
      ? []
      : [
          `KAFKA_USERNAME and KAFKA_PASSWORD must be set both or neither: current user is "${username ?? ""}"`,
        ]),
    ...(caFile === undefined || config.KAFKA_TLS
      ? []
      : [`KAFKA_CA_FILE is of no use without KAFKA_TLS: current value is "${caFile}"`]),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
  const ca = caFile === undefined ? undefined : configFile("KAFKA_CA_FILE", caFile);
  return {
    brokers: config.KAFKA_BROKERS,
    sasl:
      username === undefined || password === undefined
        ? undefined
        : { mechanism: config.KAFKA_SASL_MECHANISM, username, password },
    tls: config.KAFKA_TLS ? { ca } : undefined,
  };
}

/** Where RabbitMQ is, with user and password. */
export const rabbitUrl = optional(amqpUrl, new URL("amqp://rabbitmq-service:5672"), "RABBITMQ_URL");

/** The RabbitMQ queue; the pipeline's own where it is not set. */
export const rabbitQueue = absent(text);

/** Where a pipeline's lanes are, and who publishes to them: what it takes to look at them from outside. */
export const laneAccess = {
  KAFKA_BROKERS: kafkaBrokers,
  KAFKA_TOPIC: kafkaTopic,
  ...kafkaAccess,
  RABBIT_URL: rabbitUrl,
  RABBIT_QUEUE: rabbitQueue,
  /** The admin addresses of the relays that publish to RabbitMQ, for the ledger; without them it is unproven there. */
  RELAY_ADMIN_URLS: optional(httpUrls, []),
};

/**
 * Where the pipeline's Valkey is: an address, of a server or of the sentinels of several, which may hold password and
 * logical database, or these by themselves.
 */
export const valkey = {
  VALKEY_SERVICE_URL: optional(
    valkeyAddress,
    valkeyAddress("redis://valkey-service:6379"),
    "REDIS_ADDR",
    "VALKEY_URL",
  ),
  REDIS_PASSWORD: absent(text, "VALKEY_PASSWORD"),
  REDIS_DB: absent(integer(0, 1_023), "VALKEY_DB"),
};

/** The address of the pipeline's Valkey; what is set by itself goes before what the address holds. */
export function valkeyUrl(config: ConfigOf<typeof valkey>): ValkeyAddress {
  const { VALKEY_SERVICE_URL: address, REDIS_PASSWORD: password, REDIS_DB: database } = config;
  return {
    ...address,
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
  };
}

/**
 * How many copies of the Valkey must have a change before it counts as stored; with fewer within 1.5 s it does not, and
 * is tried again: nothing is acknowledged meanwhile.
 */
export const valkeyWait = optional(integer(0, 8), 0);

/** Where the MongoDB of the pipeline's log is; of no use to a pipeline without one. */
export const mongoUrl = optional(
  mongoAddress,
  "mongodb://mongo-svc:27017/so1p2",
  "MONGODB_URL",
  "MONGO_URI",
  "MONGODB_URI",
);

/** Pages of which other origins may read the board's API. */
export const corsOrigins = optional(origins, []);

/** How many ids the store remembers to tell duplicates; about 76 bytes of Valkey's memory each. */
export const idsMax = optional(integer(1_000, 1_000_000_000), 500_000);

/** How old an id that a client sends may be, in milliseconds; ids of the store must reach back at least as far. */
export const idWindowMs = optional(integer(1_000, 2_592_000_000), 3_600_000);

/** How much a process's doors take on; what is beyond is refused at once. */
export const admission = {
  /** Events a second, for the whole process; 0 is no limit. */
  ADMISSION_RATE: optional(integer(0, 1_000_000), 0),
  /** The most events in flight at one time; what is slow lowers the limit below it. */
  ADMISSION_IN_FLIGHT_MAX: optional(integer(1, 100_000), 2_000),
};

/** By what stations reach each other where hops go by mutual TLS: all three, or none, each in PEM and read again on change. */
export const hopTls = {
  /** What a station shows to those before and behind it. */
  HOP_CERT_FILE: absent(text),
  HOP_KEY_FILE: absent(text),
  /** Whose certificates it believes. */
  HOP_CA_FILE: absent(text),
};

/** Who may send events to a first door. */
export const apiKeys = {
  /** The clients' keys, as digests; a file that is read again while the service runs. Where it is not set, everybody may. */
  API_KEYS_FILE: absent(text),
  /** Events a second of a client for whom the file says nothing; 0 is no limit. */
  CLIENT_RATE: optional(integer(0, 1_000_000), 0),
};

/** The policy that a word names, in any case; a word that names none means `both`. */
function policy(raw: string): { readonly policy: Policy; readonly unknown?: string } {
  const found = policies.find((each) => each === raw.trim().toLowerCase());
  return found === undefined ? { policy: "both", unknown: raw } : { policy: found };
}
