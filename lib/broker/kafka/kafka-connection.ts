import { Kafka, logLevel, type SASLOptions } from "kafkajs";
import type { Log } from "../../log.ts";
import { registerCodecs } from "./codecs.ts";
import { calmIdleConnections } from "./idle-connections.ts";
import type { SaslMechanism } from "./sasl-mechanism.ts";

/** Who we are, where brokers ask. */
export interface KafkaLogin {
  readonly mechanism: SaslMechanism;
  readonly username: string;
  readonly password: string;
}

/** How to reach a cluster. */
export interface KafkaConnection {
  /** `host:port` of some brokers; the others are found through them. */
  readonly brokers: readonly string[];
  /** What the brokers' logs and quotas call us. @default "tweet-pipeline" */
  readonly clientId?: string | undefined;
  /** Signs in on every connection. @default nobody is asked */
  readonly sasl?: KafkaLogin | undefined;
  /** Encrypts connections; `ca` is the authority in PEM that signed the brokers' certificates. @default plain TCP */
  readonly tls?: { readonly ca?: string | undefined } | undefined;
  /** Told of faults that are survived. @default nobody */
  readonly log?: Log | undefined;
}

/** The client id with its default. */
export const clientIdOf = ({ clientId = "tweet-pipeline" }: KafkaConnection) => clientId;

/** A request that takes longer counts as lost; the broker may have carried it out. */
const requestTimeoutMs = 5_000;
const connectTimeoutMs = 2_000;

/** A kafkajs client. By itself it tries nothing again: whoever uses it knows until when a repeat makes sense. */
export function kafkaClient(connection: KafkaConnection, retries = 0): Kafka {
  registerCodecs();
  calmIdleConnections();
  const { brokers, sasl, tls } = connection;
  return new Kafka({
    brokers: [...brokers],
    clientId: clientIdOf(connection),
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: { retries, initialRetryTime: 100, maxRetryTime: 1_000 },
    logLevel: logLevel.NOTHING,
    ...(sasl && { sasl: sasl as SASLOptions }),
    ...(tls && { ssl: { ...(tls.ca !== undefined && { ca: [tls.ca] }) } }),
  });
}
