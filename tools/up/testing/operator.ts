import { Kafka, logLevel, Partitioners } from "kafkajs";
import { jsonLines, run, startCommand } from "../../../cli/testing/run.ts";
import type { OwnSystem } from "./own-system.ts";

/** The commands of an operator who knows where a pipeline's servers are, as its board does. */
export function operatorOf(system: OwnSystem, pipeline: string) {
  const env = () => system.get().boards[pipeline] ?? {};
  const dlq = (...args: readonly string[]) => run("dlq", args, env());
  return {
    env,
    dlq,
    audit: (...args: readonly string[]) => run("audit", args, env()),
    start: (...args: readonly string[]) => startCommand("dlq", args, env()),
    /** What waits, as `dlq ls --json` tells it. */
    waiting: async (...args: readonly string[]) =>
      jsonLines((await dlq("ls", "--json", ...args)).out) as readonly {
        readonly id: string;
        readonly lane: string;
        readonly reason: string;
        readonly body: string;
      }[],
  };
}

/** Sends texts to a topic, as a client that knows nothing of ids. */
export async function sendToKafka(
  brokers: readonly string[],
  topic: string,
  texts: readonly string[],
) {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, messages: texts.map((value) => ({ value })) });
  await producer.disconnect();
}
