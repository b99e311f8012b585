import { join } from "node:path";
import { amqpAnswers } from "../parts/amqp-probe.ts";
import { kafkaMetadata } from "../parts/kafka-probe.ts";
import { mongoAnswers } from "../parts/mongo-probe.ts";
import { runStep } from "../parts/run-step.ts";
import type { Stack } from "../parts/stack.ts";
import { valkeyAnswers } from "../parts/valkey-probe.ts";
import { composeCommand } from "./docker.ts";
import {
  logDatabase,
  type OnProgress,
  reported,
  type ServerPorts,
  type Servers,
} from "./servers.ts";

/** Pulling images over a slow line is part of it. */
const upTimeoutMs = 900_000;
const downTimeoutMs = 60_000;
const readyTimeoutMs = 60_000;
const pollMs = 100;

/** How the containers of a run are started. */
export interface ContainerOptions {
  /** The checkout, with `compose.yaml`. */
  readonly root: string;
  /** The folder of the run, by which its containers are told from others. */
  readonly dir: string;
  readonly ports: ServerPorts;
  /** Whether a MongoDB is needed. */
  readonly mongo: boolean;
  /** Leave the volumes at the end. */
  readonly keep: boolean;
  readonly onProgress?: OnProgress | undefined;
}

async function untilAnswers(what: string, probe: () => Promise<boolean>, signal: AbortSignal) {
  const limitMs = performance.now() + readyTimeoutMs;
  for (let why = "no answer"; performance.now() < limitMs; await Bun.sleep(pollMs)) {
    signal.throwIfAborted();
    const ready = await probe().catch((error: unknown) => {
      why = String(error);
      return false;
    });
    if (ready) return;
    if (performance.now() + pollMs > limitMs) {
      throw new Error(`Cannot reach ${what} within ${readyTimeoutMs} ms: ${why}`);
    }
  }
}

/** The user and password of compose.yaml, which serves this machine alone. */
function mongoAddress(port: number): string {
  return `mongodb://guest:guest@127.0.0.1:${port}/${logDatabase}?authSource=admin`;
}

/** Starts Kafka, RabbitMQ, Valkey and a MongoDB in containers and resolves when each answers in its own protocol. */
export async function startContainerServers(
  stack: Stack,
  { root, dir, ports, mongo, keep, onProgress }: ContainerOptions,
): Promise<Servers> {
  const compose = composeCommand(root, dir);
  const env = {
    KAFKA_PORT: `${ports.kafka}`,
    RABBIT_PORT: `${ports.rabbit}`,
    RABBIT_MANAGEMENT_PORT: `${ports.management}`,
    VALKEY_PORT: `${ports.valkey}`,
    MONGO_PORT: `${ports.mongo}`,
  };
  const services = ["kafka", "rabbitmq", "valkey", ...(mongo ? ["mongo"] : [])];
  const down = ["down", "--timeout", "10", ...(keep ? [] : ["--volumes"])];
  stack.defer(() =>
    runStep({
      command: [...compose, ...down],
      env,
      logFile: join(stack.logs, "compose-down.log"),
      timeoutMs: downTimeoutMs,
    }),
  );
  await reported("start containers", onProgress, async () => {
    await runStep({
      command: [...compose, "up", "--detach", "--wait", ...services],
      env,
      logFile: join(stack.logs, "compose-up.log"),
      timeoutMs: upTimeoutMs,
      signal: stack.signal,
    });
    await Promise.all([
      untilAnswers(
        "Kafka",
        async () => (await kafkaMetadata(ports.kafka)).controller >= 0,
        stack.signal,
      ),
      untilAnswers("RabbitMQ", () => amqpAnswers(ports.rabbit), stack.signal),
      untilAnswers("Valkey", () => valkeyAnswers(ports.valkey), stack.signal),
      mongo && untilAnswers("MongoDB", () => mongoAnswers(ports.mongo), stack.signal),
    ]);
  });
  return {
    addresses: {
      kafka: [`127.0.0.1:${ports.kafka}`],
      rabbit: `amqp://guest:guest@127.0.0.1:${ports.rabbit}`,
      management: `http://127.0.0.1:${ports.management}`,
      valkey: `redis://127.0.0.1:${ports.valkey}`,
      ...(mongo && { mongo: mongoAddress(ports.mongo) }),
    },
    processes: [],
  };
}
