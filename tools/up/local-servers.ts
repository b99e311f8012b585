import { startKafka } from "../parts/kafka.ts";
import { startMongo } from "../parts/mongo.ts";
import { provision } from "../parts/provision.ts";
import { startRabbitMq } from "../parts/rabbitmq.ts";
import type { Stack } from "../parts/stack.ts";
import { startValkey } from "../parts/valkey.ts";
import { startWatchedValkey, type WatchedValkeyOptions } from "../parts/valkey-sentinels.ts";
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
  /** Valkey as three servers under sentinels, on free ports. @default one server */
  readonly watched?: WatchedValkeyOptions | undefined;
  /** Whether a MongoDB is needed. */
  readonly mongo: boolean;
  readonly onProgress?: OnProgress | undefined;
}

/** Installs what is missing and starts Kafka, RabbitMQ, Valkey and a MongoDB as processes of this machine. */
export async function startLocalServers(
  stack: Stack,
  ports: ServerPorts,
  { kafkaNodes = 1, watched, mongo: needsMongo, onProgress }: LocalServerOptions,
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
    step("valkey", () => startStore(stack, ports.valkey, watched)),
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
      ...valkey.processes,
      ...(mongo ? [{ child: mongo.server, ports: { mongo: ports.mongo } }] : []),
    ],
    watched: valkey.watched,
  };
}

async function startStore(stack: Stack, port: number, options: WatchedValkeyOptions | undefined) {
  if (options === undefined) {
    const { url, server } = await startValkey(stack, { port });
    return { url, processes: [{ child: server, ports: { valkey: port } }] };
  }
  const watched = await startWatchedValkey(stack, options);
  return {
    url: watched.url,
    processes: [
      ...watched.servers.map((each) => ({ child: each.server, ports: { valkey: each.port } })),
      ...watched.sentinels.map((each) => ({ child: each.child, ports: { sentinel: each.port } })),
    ],
    watched,
  };
}
