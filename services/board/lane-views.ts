import type { DeadLetterReader } from "../../lib/broker/dead-letter-reader.ts";
import { kafkaDeadLetters } from "../../lib/broker/kafka/kafka-dead-letters.ts";
import { kafkaEnds } from "../../lib/broker/kafka/kafka-ends.ts";
import { rabbitDeadLetters } from "../../lib/broker/rabbit/rabbit-dead-letters.ts";
import { rabbitDepth } from "../../lib/broker/rabbit/rabbit-depth.ts";
import { rabbitQuestions } from "../../lib/broker/rabbit/rabbit-questions.ts";
import type { ConfigOf } from "../../lib/config.ts";
import { deadLettersOf } from "../../lib/delivery/dead-letter.ts";
import { stationsThat } from "../../lib/pipeline/find-station.ts";
import { kafkaConnection } from "../../lib/variables.ts";
import type { spec } from "./config.ts";
import type { LaneProbe } from "./lane-probe.ts";
import { relayCounts } from "./relay-counts.ts";

/** What is asked of a lane's broker. */
interface LaneView {
  readonly probe: LaneProbe;
  readonly deadLetters: DeadLetterReader;
}

/** Who asks the brokers of a pipeline's lanes, by lane: of those that it has consumers for, and no other. */
export interface LaneViews {
  readonly lanes: Readonly<Record<string, LaneProbe>>;
  readonly deadLetters: Readonly<Record<string, DeadLetterReader>>;
}

/** Opens them; nothing connects before it is asked. */
export function laneViews(
  config: ConfigOf<typeof spec>,
  resources: AsyncDisposableStack,
): LaneViews {
  const consumers = stationsThat([config.PIPELINE], "consumer");
  const lanes = [...new Set(consumers.map(({ station }) => station.lane))];
  const views = lanes.map((lane) => {
    const view = lane === "kafka" ? kafkaView(config, resources) : rabbitView(config, resources);
    return [lane, view] as const;
  });
  return {
    lanes: Object.fromEntries(views.map(([lane, { probe }]) => [lane, probe])),
    deadLetters: Object.fromEntries(views.map(([lane, { deadLetters }]) => [lane, deadLetters])),
  };
}

function kafkaView(config: ConfigOf<typeof spec>, resources: AsyncDisposableStack): LaneView {
  const topic = config.KAFKA_TOPIC ?? config.PIPELINE.broker.topic;
  const connection = kafkaConnection(config);
  const ends = resources.use(kafkaEnds({ ...connection, topic }));
  return {
    probe: { kind: "offsets", ends: () => ends.read() },
    deadLetters: resources.use(kafkaDeadLetters({ ...connection, topic: deadLettersOf(topic) })),
  };
}

function rabbitView(config: ConfigOf<typeof spec>, resources: AsyncDisposableStack): LaneView {
  const queue = config.RABBIT_QUEUE ?? config.PIPELINE.broker.queue;
  const url = config.RABBIT_URL.href;
  const questions = resources.use(rabbitQuestions(url, `depth of ${queue}`));
  return {
    probe: {
      kind: "queue",
      queue,
      depth: () =>
        questions.ask(
          "read a queue's depth",
          async (model) => (await rabbitDepth(model, queue)) ?? 0,
        ),
      published: () => relayCounts(config.RELAY_ADMIN_URLS, "rabbit"),
    },
    deadLetters: resources.use(rabbitDeadLetters({ url, queue })),
  };
}
