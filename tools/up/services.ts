import type { EnvOf } from "../../lib/config.ts";
import type { spec as boardSpec } from "../../services/board/config.ts";
import type { spec as consumerSpec } from "../../services/consumer/config.ts";
import type { spec as relaySpec } from "../../services/relay/config.ts";
import type { ServerAddresses } from "./servers.ts";

/** The ports of our services, all on loopback. */
export interface ServicePorts {
  readonly api: { readonly http: number; readonly admin: number };
  readonly proxy: { readonly http: number; readonly grpc: number; readonly admin: number };
  readonly writer: { readonly grpc: number; readonly admin: number };
  readonly kafkaConsumer: { readonly admin: number };
  readonly rabbitConsumer: { readonly admin: number };
  readonly board: { readonly http: number; readonly admin: number };
}

/** One process of ours. */
export interface ServicePlan {
  readonly name: string;
  /** Its script, from the root of the checkout. */
  readonly script: string;
  readonly ports: { readonly http?: number; readonly grpc?: number; readonly admin: number };
  readonly env: Readonly<Record<string, string>>;
}

const relayScript = "services/relay/main.ts";
const consumerScript = "services/consumer/main.ts";
const local = (port: number) => `http://127.0.0.1:${port}`;

/** The processes of the pipeline `clima-app`, each with its whole environment. */
export function planServices(servers: ServerAddresses, ports: ServicePorts): ServicePlan[] {
  const brokers = {
    KAFKA_BROKERS: servers.kafka.join(","),
    KAFKA_TOPIC: "clima",
    RABBIT_URL: servers.rabbit,
    RABBIT_QUEUE: "clima",
  };
  const store = { VALKEY_SERVICE_URL: servers.valkey };
  const api: EnvOf<typeof relaySpec> = {
    STATION: "clima-app/api",
    PORT: `${ports.api.http}`,
    ADMIN_PORT: `${ports.api.admin}`,
    NEXT_URL: local(ports.proxy.grpc),
    KEYS_URL: servers.valkey,
  };
  const proxy: EnvOf<typeof relaySpec> = {
    STATION: "clima-app/proxy",
    PORT: `${ports.proxy.http}`,
    GRPC_PORT: `${ports.proxy.grpc}`,
    ADMIN_PORT: `${ports.proxy.admin}`,
    NEXT_URL: local(ports.writer.grpc),
    KEYS_URL: servers.valkey,
  };
  const writer: EnvOf<typeof relaySpec> = {
    STATION: "clima-app/writer",
    GRPC_PORT: `${ports.writer.grpc}`,
    ADMIN_PORT: `${ports.writer.admin}`,
    ...brokers,
  };
  const consumer = (station: string, { admin }: { admin: number }): EnvOf<typeof consumerSpec> => ({
    STATION: station,
    ADMIN_PORT: `${admin}`,
    KAFKA_GROUP: "clima-consumer-group",
    ...brokers,
    ...store,
  });
  const board: EnvOf<typeof boardSpec> = {
    PIPELINE: "clima-app",
    PORT: `${ports.board.http}`,
    ADMIN_PORT: `${ports.board.admin}`,
    RELAY_ADMIN_URLS: local(ports.writer.admin),
    ...brokers,
    ...store,
  };
  const kafkaConsumer = consumer("clima-app/kafka-consumer", ports.kafkaConsumer);
  const rabbitConsumer = consumer("clima-app/rabbit-consumer", ports.rabbitConsumer);
  return [
    { name: "writer", script: relayScript, ports: ports.writer, env: writer },
    { name: "proxy", script: relayScript, ports: ports.proxy, env: proxy },
    { name: "api", script: relayScript, ports: ports.api, env: api },
    {
      name: "kafka-consumer",
      script: consumerScript,
      ports: ports.kafkaConsumer,
      env: kafkaConsumer,
    },
    {
      name: "rabbit-consumer",
      script: consumerScript,
      ports: ports.rabbitConsumer,
      env: rabbitConsumer,
    },
    { name: "board", script: "services/board/main.ts", ports: ports.board, env: board },
  ];
}
