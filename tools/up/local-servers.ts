import { startKafka } from "../parts/kafka.ts";
import { startMongo } from "../parts/mongo.ts";
import { provision } from "../parts/provision.ts";
import { startRabbitMq } from "../parts/rabbitmq.ts";
import type { Stack } from "../parts/stack.ts";
import { startValkey } from "../parts/valkey.ts";
import {
  logDatabase,
  type OnProgress,
  reported,
  type ServerPorts,
  type Servers,
} from "./servers.ts";

/** How servers are started. */
export interface LocalServerOptions {
  /** Brokers of the Kafka cluster; several take free ports. @default 1 */
  readonly kafkaNodes?: number | undefined;
  /** Whether a MongoDB is needed. */
  readonly mongo: boolean;
  readonly onProgress?: OnProgress | undefined;
}

/** Installs what is missing and starts Kafka, RabbitMQ, Valkey and a MongoDB as processes of this machine. */
export async function startLocalServers(
  stack: Stack,
  ports: ServerPorts,
  { kafkaNodes = 1, mongo: needsMongo, onProgress }: LocalServerOptions,
): Promise<Servers> {
  await provision({
    dir: stack.programs,
    onProgress: (part, state, ms) => onProgress?.(`install ${part}`, state, ms),
    signal: stack.signal,
  });
  const step = <T>(part: string, run: () => Promise<T>) =>
    reported(`start ${part}`, onProgress, run);
  const [kafka, rabbit, valkey, mongo] = await Promise.all([
    step("kafka", () =>
      startKafka(stack, kafkaNodes === 1 ? { ports: [ports.kafka] } : { nodes: kafkaNodes }),
    ),
    step("rabbitmq", () =>
      startRabbitMq(stack, { port: ports.rabbit, managementPort: ports.management }),
    ),
    step("valkey", () => startValkey(stack, { port: ports.valkey })),
    needsMongo
      ? step("mongo", () => startMongo(stack, { port: ports.mongo, durable: true }))
      : undefined,
  ]);
  return {
    addresses: {
      kafka: kafka.brokers,
      rabbit: rabbit.url,
      management: `http://127.0.0.1:${ports.management}`,
      valkey: valkey.url,
      mongo: mongo && `${mongo.url}/${logDatabase}`,
    },
    processes: [
      ...kafka.nodes.map((child, index) => ({
        child,
        ports: { kafka: Number(kafka.brokers[index]?.split(":").at(-1)) },
      })),
      { child: rabbit.mapper, ports: {} },
      { child: rabbit.broker, ports: { amqp: ports.rabbit, management: ports.management } },
      { child: valkey.server, ports: { valkey: ports.valkey } },
      ...(mongo ? [{ child: mongo.server, ports: { mongo: ports.mongo } }] : []),
    ],
  };
}
