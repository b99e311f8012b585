import { type Kafka, type KafkaOptions, startKafka } from "./kafka.ts";
import { type Mongo, type MongoServerOptions, startMongo } from "./mongo.ts";
import { type RabbitMq, type RabbitMqOptions, startRabbitMq } from "./rabbitmq.ts";
import { createStack, type Stack } from "./stack.ts";
import { startValkey, type Valkey, type ValkeyOptions } from "./valkey.ts";
import {
  startWatchedValkey,
  type WatchedValkey,
  type WatchedValkeyOptions,
} from "./valkey-sentinels.ts";

/** The servers that all tests of a run share: use names (topics, queues, key prefixes, databases) of your own in them. */
export interface SharedParts {
  /** The folder of the installed programs. */
  readonly dir: string;
  /** Kafka brokers, `host:port`. */
  readonly kafka: readonly string[];
  /** `amqp://…`. */
  readonly rabbit: string;
  /** `redis://…`. */
  readonly valkey: string;
  /** `mongodb://…`, with no database. */
  readonly mongo: string;
}

/** The shared servers, and private ones for tests that kill, freeze or restart them (`await using`). */
export interface PartsForTests extends SharedParts {
  startKafka(options?: KafkaOptions): Promise<Kafka & AsyncDisposable>;
  startRabbitMq(options?: RabbitMqOptions): Promise<RabbitMq & AsyncDisposable>;
  startValkey(options?: ValkeyOptions): Promise<Valkey & AsyncDisposable>;
  startWatchedValkey(options?: WatchedValkeyOptions): Promise<WatchedValkey & AsyncDisposable>;
  startMongo(options?: MongoServerOptions): Promise<Mongo & AsyncDisposable>;
}

/** The variable in which the test runner hands over a `SharedParts` as JSON. */
export const partsVariable = "TWEET_PIPELINE_PARTS";

async function inOwnStack<T extends object>(
  programs: string,
  start: (stack: Stack) => Promise<T>,
): Promise<T & AsyncDisposable> {
  const stack = createStack({ programs });
  try {
    const started = await start(stack);
    return { ...started, [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose]() };
  } catch (error) {
    await stack[Symbol.asyncDispose]();
    throw error;
  }
}

/** Starts private servers from the programs in `shared.dir`, beside the shared ones. */
export function partsForTests(shared: SharedParts): PartsForTests {
  const own = <T extends object>(start: (stack: Stack) => Promise<T>) =>
    inOwnStack(shared.dir, start);
  return {
    ...shared,
    startKafka: (options) => own((stack) => startKafka(stack, options)),
    startRabbitMq: (options) => own((stack) => startRabbitMq(stack, options)),
    startValkey: (options) => own((stack) => startValkey(stack, options)),
    startWatchedValkey: (options) => own((stack) => startWatchedValkey(stack, options)),
    startMongo: (options) => own((stack) => startMongo(stack, options)),
  };
}

const handedOver = process.env[partsVariable];

/** Real servers, where the test runner started them; else `undefined`, for `describe.skipIf(!parts)`. */
export const parts: PartsForTests | undefined = handedOver
  ? partsForTests(JSON.parse(handedOver))
  : undefined;
