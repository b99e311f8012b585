import { deadLettersOf } from "../../lib/broker/dead-letter-lane.ts";
import { kafkaLetterLog } from "../../lib/broker/kafka/kafka-letter-log.ts";
import { kafkaPublisher } from "../../lib/broker/kafka/kafka-publisher.ts";
import type { BrokerMessage } from "../../lib/broker/message.ts";
import type { Publisher } from "../../lib/broker/publisher.ts";
import { rabbitPublisher } from "../../lib/broker/rabbit/rabbit-publisher.ts";
import { type ConfigOf, readConfig } from "../../lib/config.ts";
import { laneViews } from "../../lib/ledger/lane-views.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { StoreBeside } from "../../lib/store/beside.ts";
import { openLog } from "../../lib/store/mongo/open-log.ts";
import { valkeyBeside } from "../../lib/store/valkey/valkey-beside.ts";
import { valkeyStore } from "../../lib/store/valkey/valkey-store.ts";
import {
  idsMax,
  kafkaConnection,
  laneAccess,
  mongoUrl,
  valkey,
  valkeyUrl,
  valkeyWait,
} from "../../lib/variables.ts";
import type { LaneLogs, LanePlace, PipelinePlace, Stores } from "./place.ts";

/** The variables that say where a pipeline's servers are: those of its board, and how much its consumers remember. */
export const serverSpec = {
  ...{ ...laneAccess, ...valkey },
  VALKEY_WAIT: valkeyWait,
  MONGO_URL: mongoUrl,
  IDS_MAX: idsMax,
};

type ServerConfig = ConfigOf<typeof serverSpec>;

/**
 * A pipeline on real brokers and stores.
 *
 * @throws ConfigError naming every fault of the environment.
 */
export function serverPlace(
  pipeline: AnyPipeline,
  env: Readonly<Record<string, string | undefined>>,
  resources: AsyncDisposableStack,
): PipelinePlace {
  const config = readConfig(serverSpec, env);
  const { lanes, deadLetters } = laneViews(pipeline, config, resources);
  const places = Object.entries(lanes).flatMap(([lane, probe]): readonly LanePlace[] => {
    const letters = deadLetters[lane];
    if (letters === undefined) return [];
    return [
      {
        ...{ pipeline, lane, letters, probe, publisher: () => publisherOf(pipeline, lane, config) },
        logs: lane === "kafka" ? () => logsOf(pipeline, config) : undefined,
      },
    ];
  });
  return {
    pipeline,
    lanes: places,
    stores: () => openStores(pipeline, config),
    beside: () => besideOf(pipeline, config),
  };
}

function publisherOf(
  pipeline: AnyPipeline,
  lane: string,
  config: ServerConfig,
): Publisher<BrokerMessage> {
  const { broker } = pipeline;
  if (lane !== "kafka") {
    const queue = config.RABBIT_QUEUE ?? broker.queue;
    return rabbitPublisher({ url: config.RABBIT_URL.href, queue });
  }
  const topic = config.KAFKA_TOPIC ?? broker.topic;
  return kafkaPublisher({ ...kafkaConnection(config), topic, create: broker });
}

function logsOf({ broker }: AnyPipeline, config: ServerConfig): LaneLogs {
  const topic = config.KAFKA_TOPIC ?? broker.topic;
  const connection = kafkaConnection(config);
  return {
    log: kafkaLetterLog({ ...connection, topic }),
    letters: kafkaLetterLog({ ...connection, topic: deadLettersOf(topic) }),
  };
}

function besideOf({ name }: AnyPipeline, config: ServerConfig): Promise<StoreBeside> {
  const { VALKEY_WAIT: replicas, IDS_MAX: idsMax } = config;
  return valkeyBeside({ url: valkeyUrl(config), replicas, idsMax, pipeline: name });
}

async function openStores(pipeline: AnyPipeline, config: ServerConfig): Promise<Stores> {
  const resources = new AsyncDisposableStack();
  const store = resources.use(valkeyStore({ url: valkeyUrl(config) }));
  const log = await openLog(pipeline, config);
  if (log !== undefined) resources.use(log);
  return { store, log, [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose]() };
}
