import { deadLettersOf } from "../broker/dead-letter-lane.ts";
import type { DeadLetters } from "../broker/dead-letters.ts";
import { kafkaEnds } from "../broker/kafka/kafka-ends.ts";
import { kafkaLetterLog } from "../broker/kafka/kafka-letter-log.ts";
import { letterBox } from "../broker/letter-box.ts";
import { rabbitDepth } from "../broker/rabbit/rabbit-depth.ts";
import { rabbitLetterLog } from "../broker/rabbit/rabbit-letter-log.ts";
import { rabbitQuestions } from "../broker/rabbit/rabbit-questions.ts";
import type { ConfigOf } from "../config.ts";
import { stationsThat } from "../pipeline/find-station.ts";
import type { AnyPipeline } from "../pipeline/pipeline.ts";
import { kafkaConnection, type laneAccess } from "../variables.ts";
import type { LaneProbe } from "./lane-probe.ts";
import { relayCounts } from "./relay-counts.ts";

/** What is asked of a lane's broker. */
interface LaneView {
  readonly probe: LaneProbe;
  readonly deadLetters: DeadLetters;
}

/** Who asks the brokers of a pipeline's lanes, by lane: of those that it has consumers for, and no other. */
export interface LaneViews {
  readonly lanes: Readonly<Record<string, LaneProbe>>;
  readonly deadLetters: Readonly<Record<string, DeadLetters>>;
}

type LaneConfig = ConfigOf<typeof laneAccess>;

/** Opens them; nothing connects before it is asked. */
export function laneViews(
  pipeline: AnyPipeline,
  config: LaneConfig,
  resources: AsyncDisposableStack,
): LaneViews {
  const consumers = stationsThat([pipeline], "consumer");
  const lanes = [...new Set(consumers.map(({ station }) => station.lane))];
  const views = lanes.map((lane) => {
    const open = lane === "kafka" ? kafkaView : rabbitView;
    return [lane, open(pipeline, config, resources)] as const;
  });
  return {
    lanes: Object.fromEntries(views.map(([lane, { probe }]) => [lane, probe])),
    deadLetters: Object.fromEntries(views.map(([lane, { deadLetters }]) => [lane, deadLetters])),
  };
}

function kafkaView(
  pipeline: AnyPipeline,
  config: LaneConfig,
  resources: AsyncDisposableStack,
): LaneView {
  const topic = config.KAFKA_TOPIC ?? pipeline.broker.topic;
  const connection = kafkaConnection(config);
  const ends = resources.use(kafkaEnds({ ...connection, topic }));
  return {
    probe: { kind: "offsets", ends: () => ends.read() },
    deadLetters: resources.use(
      letterBox(kafkaLetterLog({ ...connection, topic: deadLettersOf(topic) })),
    ),
  };
}

function rabbitView(
  pipeline: AnyPipeline,
  config: LaneConfig,
  resources: AsyncDisposableStack,
): LaneView {
  const queue = config.RABBIT_QUEUE ?? pipeline.broker.queue;
  const url = config.RABBIT_URL.href;
  const questions = resources.use(rabbitQuestions(url, `depth of ${queue}`));
  const deadLetters = resources.use(letterBox(rabbitLetterLog({ url, queue })));
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
      letters: () => deadLetters.tally(),
    },
    deadLetters,
  };
}
