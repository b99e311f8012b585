import { startKafka } from "../parts/kafka.ts";
import { startMongo } from "../parts/mongo.ts";
import { partsDir } from "../parts/parts-dir.ts";
import { provision } from "../parts/provision.ts";
import { startRabbitMq } from "../parts/rabbitmq.ts";
import { createStack } from "../parts/stack.ts";
import { partsVariable, type SharedParts } from "../parts/testing.ts";
import { startValkey } from "../parts/valkey.ts";

/** Running servers that a test run shares. */
export interface RealParts extends AsyncDisposable {
  /** The environment that tells tests of them. */
  readonly env: Readonly<Record<string, string>>;
}

/** Installs and starts real Kafka, RabbitMQ and Valkey and a stand-in for MongoDB; rejects naming what is missing. */
export async function startRealParts(): Promise<RealParts> {
  const dir = partsDir(process.env);
  await provision({
    dir,
    onProgress: (step, state, ms) =>
      console.error(`${step}: ${state} ${(ms / 1_000).toFixed(1)} s`),
  });
  const stack = createStack({ programs: dir });
  try {
    const [kafka, rabbit, valkey, mongo] = await Promise.all([
      startKafka(stack),
      startRabbitMq(stack),
      startValkey(stack),
      startMongo(stack),
    ]);
    const shared: SharedParts = {
      dir,
      kafka: kafka.brokers,
      rabbit: rabbit.url,
      valkey: valkey.url,
      mongo: mongo.url,
    };
    return {
      env: { [partsVariable]: JSON.stringify(shared) },
      [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
    };
  } catch (error) {
    await stack[Symbol.asyncDispose]();
    throw error;
  }
}
