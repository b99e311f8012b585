import type { SecretPlan } from "../../services/secrets/config.ts";
import type { PolicyEdge, PolicyPeer } from "./network-policies.ts";
import type { SecretKey } from "./service-env.ts";

/** The users of brokers and stores that our services are. */
export type ServiceUser = "relay" | "consumer" | "board";

/** The variables that lead one of our services into Kafka. */
export interface KafkaVariables {
  /** Where to begin: `host:port`, or several separated by commas. */
  readonly KAFKA_BROKERS: string;

  /**
   * Who the service is there.
   * @default nobody signs in
   */
  readonly KAFKA_USERNAME?: string;

  /**
   * Its password.
   * @default nobody signs in
   */
  readonly KAFKA_PASSWORD?: SecretKey;

  /**
   * How it proves to be that.
   * @default plain
   */
  readonly KAFKA_SASL_MECHANISM?: string;
}

/** A broker or a store, as what stands around it must know it. */
export interface Server {
  /**
   * Its pods.
   * @default it is none of this namespace's, and may be anywhere
   */
  readonly peer?: PolicyPeer;

  /** The port of its pods. */
  readonly port: number;

  /**
   * Every port of its pods that clients connect to.
   * @default `port` alone
   */
  readonly ports?: readonly number[];

  /**
   * The Secret that its pods wait for.
   * @default none, or somebody else makes it
   */
  readonly secret?: SecretPlan;

  /**
   * What its pods say to each other.
   * @default nothing
   */
  readonly edges?: readonly PolicyEdge[];
}

/** Kafka: a `KafkaCluster`, a `StrimziKafka`, or an address. */
export interface KafkaSource extends Server {
  /** The variables by which a service gets in. */
  readonly envOf: (user: ServiceUser) => KafkaVariables;
}

/** RabbitMQ: a `RabbitMq`, or an address. */
export interface RabbitSource extends Server {
  /** The address, which holds a password. */
  readonly url: SecretKey;

  /**
   * The address as every namespace of the cluster finds it.
   * @default `url` for an address of somebody else's, none for pods of the namespace
   */
  readonly urlFromAnywhere?: SecretKey | undefined;
}

/** Valkey: a `Valkey`, or an address. */
export interface ValkeySource extends Server {
  /** The address for a service, the logical database as path. */
  readonly urlOf: (user: ServiceUser) => string | SecretKey;

  /**
   * How many ids it has room for.
   * @default the consumer's own
   */
  readonly idsMax?: number;

  /**
   * How many of its copies must have a change before it is acknowledged.
   * @default none: the primary decides
   */
  readonly wait?: number;
}

/** MongoDB, for the pipeline's log: a `Mongo`, or an address. */
export interface MongoSource extends Server {
  /** The address, which holds a password, the database as path. */
  readonly url: SecretKey;
}

/** The variable of those who write a Valkey; none where the primary alone decides. */
export function waitEnv({ wait = 0 }: ValkeySource): { readonly VALKEY_WAIT?: string } {
  return wait === 0 ? {} : { VALKEY_WAIT: `${wait}` };
}

/** Kafka at an address, `host:port` or several separated by commas, that nobody signs in to. */
export function kafkaAt(brokers: string): KafkaSource {
  const port = Number(brokers.split(",")[0]?.split(":")[1] ?? 9_092);
  return { port, envOf: () => ({ KAFKA_BROKERS: brokers }) };
}

/** RabbitMQ at the address that a Secret holds. */
export function rabbitAt(url: SecretKey, port = 5_672): RabbitSource {
  return { url, port };
}

/** Valkey at an address, the same for every service, on these ports: that of the servers, and of sentinels, if any. */
export function valkeyAt(
  url: string | SecretKey,
  ...ports: readonly [server: number, ...sentinels: number[]] | readonly []
): ValkeySource {
  const [port = 6_379] = ports;
  return { port, ports: [port, ...ports.slice(1)], urlOf: () => url };
}

/** MongoDB at the address that a Secret holds. */
export function mongoAt(url: SecretKey, port = 27_017): MongoSource {
  return { url, port };
}
