import type { GrpcPeer } from "./grpc-peer.ts";
import { installPythonPeer } from "./install.ts";
import { lineProcess } from "./line-process.ts";
import { processPeer } from "./process-peer.ts";

/** A message as a foreign reader of Kafka got it. */
export interface KafkaRecord {
  readonly text: string;
  /** What the reader made of the text. */
  readonly json: unknown;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A message as a foreign reader of RabbitMQ got it. */
export interface RabbitRecord {
  readonly text: string;
  /** What the reader made of the text. */
  readonly json: unknown;
  readonly contentType: string | null;
  readonly persistent: boolean;
  readonly messageId: string | null;
}

/** A Python program that speaks gRPC, Kafka and RabbitMQ with the packages that everybody uses. */
export interface PythonPeer extends GrpcPeer {
  /** The first `count` messages of a topic, or what there is of them in time. */
  readKafka(topic: string, count: number): Promise<readonly KafkaRecord[]>;
  /** Produces texts without key, headers and id, and resolves when all are acknowledged. */
  writeKafka(topic: string, texts: readonly string[]): Promise<void>;
  /** The first `count` messages of a queue, taken off it, or what there is of them in time. */
  readRabbit(queue: string, count: number): Promise<readonly RabbitRecord[]>;
  /** Publishes texts without an id, and resolves when all are confirmed. */
  writeRabbit(queue: string, texts: readonly string[]): Promise<void>;
  /** Declares a queue with nothing but its name and whether it is durable. */
  declareRabbit(queue: string, durable: boolean): Promise<void>;
}

/** Where the program finds the parts, and its own. */
export interface PythonPeerOptions {
  /** The folder of installed programs. */
  readonly dir: string;
  readonly kafka: readonly string[];
  readonly rabbit: string;
}

const readTimeoutMs = 10_000;
const writeTimeoutMs = 20_000;

/** Starts the Python program, after installing its packages where they are missing. */
export async function pythonPeer(options: PythonPeerOptions): Promise<PythonPeer> {
  const { dir, kafka: brokers, rabbit: url } = options;
  const program = lineProcess(await installPythonPeer(dir));
  const [read, write] = [{ timeoutMs: readTimeoutMs }, { timeoutMs: writeTimeoutMs }];
  return {
    ...processPeer(program),
    readKafka: (topic, count) => program.ask("kafka-read", { brokers, topic, count, ...read }),
    writeKafka: (topic, texts) => program.ask("kafka-write", { brokers, topic, texts, ...write }),
    readRabbit: (queue, count) => program.ask("rabbit-read", { url, queue, count, ...read }),
    writeRabbit: (queue, texts) => program.ask("rabbit-write", { url, queue, texts }),
    declareRabbit: (queue, durable) => program.ask("rabbit-declare", { url, queue, durable }),
  };
}
