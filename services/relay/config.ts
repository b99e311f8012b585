import { absent, flag, httpUrls, integer, optional, port, required } from "../../lib/config.ts";
import { stationOf } from "../../lib/pipeline/find-station.ts";
import { valkeyAddress } from "../../lib/store/valkey/valkey-address.ts";
import {
  adminPort,
  admission,
  apiKeys,
  hopTls,
  idWindowMs,
  kafkaAccess,
  kafkaBrokers,
  kafkaTopic,
  rabbitQueue,
  rabbitUrl,
  valkeyWait,
  writerTarget,
} from "../../lib/variables.ts";
import { pipelines } from "../../pipelines/all.ts";

/** What a relay reads from its environment; its charts are typed by this table. */
export const spec = {
  /** The relay's place, such as `clima-app/proxy`. */
  STATION: required(stationOf(pipelines, "relay")),
  /** The HTTP port; the station's own where it is not set. */
  PORT: absent(port),
  /** The gRPC port; the station's own where it is not set. */
  GRPC_PORT: absent(port, "CLIENT_GRPC_LISTEN", "GRPC_LISTEN"),
  ADMIN_PORT: adminPort,
  /**
   * The next hop of a station that has one, or several addresses of it, which share the events; the station's own where it
   * is not set. By gRPC a name is every IP address behind it, in clear text and by mutual TLS.
   */
  NEXT_URL: absent(httpUrls, "GRPC_SERVER_URL", "WRITER_ADDR", "GO_API_URL"),
  /** The same for the lanes of a station that hands on to a writer for each broker. */
  KAFKA_WRITER_ADDR: absent(httpUrls),
  RABBIT_WRITER_ADDR: absent(httpUrls),
  ...hopTls,
  /** Which lanes must have stored an event before the reply. */
  WRITER_TARGET: writerTarget,
  /** Whether a request may choose its policy, by `Prefer: policy=kafka`: here, and at the stations behind that say so too. */
  PREFER_POLICY: optional(flag, false),
  KAFKA_BROKERS: kafkaBrokers,
  KAFKA_TOPIC: kafkaTopic,
  ...kafkaAccess,
  RABBIT_URL: rabbitUrl,
  RABBIT_QUEUE: rabbitQueue,
  /** The Valkey that keeps clients' idempotency keys; without it such requests get 503, others go on. */
  KEYS_URL: absent(valkeyAddress),
  /** How many of its copies must have a key before it is believed. */
  VALKEY_WAIT: valkeyWait,
  ...apiKeys,
  ...admission,
  /** How long a request may take, in milliseconds; the station's own where it is not set. */
  DEADLINE_MS: absent(integer(1, 60_000)),
  ID_WINDOW_MS: idWindowMs,
};
