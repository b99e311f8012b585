import { deadLetterBounds, deadLettersOf } from "../../lib/broker/dead-letter-lane.ts";
import type { BrokerMessage } from "../../lib/broker/message.ts";
import type { Publisher } from "../../lib/broker/publisher.ts";
import type { Subscriber } from "../../lib/broker/subscriber.ts";
import type { ConfigOf } from "../../lib/config.ts";
import type { Log } from "../../lib/log.ts";
import { kafkaConnection } from "../../lib/variables.ts";
import type { spec } from "./config.ts";

/** How often a consumer asks its store where it stands; a store that lost its last second is rewound within this. */
const resyncMs = 1_000;

/** One lane as a consumer uses it. */
export interface Lane {
  readonly subscriber: Subscriber;
  readonly deadLetters: Publisher<BrokerMessage>;
}

/** The drivers of the station's lane; those of the other lane are never loaded. */
export function openLane(config: ConfigOf<typeof spec>, log: Log): Promise<Lane> {
  return config.STATION.station.lane === "kafka" ? kafkaLane(config, log) : rabbitLane(config, log);
}

async function kafkaLane(config: ConfigOf<typeof spec>, log: Log): Promise<Lane> {
  const { kafkaSubscriber } = await import("../../lib/broker/kafka/kafka-subscriber.ts");
  const { kafkaPublisher } = await import("../../lib/broker/kafka/kafka-publisher.ts");
  const { pipeline, name, station } = config.STATION;
  const topic = config.KAFKA_TOPIC ?? pipeline.broker.topic;
  const connection = kafkaConnection(config);
  return {
    subscriber: kafkaSubscriber({
      ...connection,
      topic,
      clientId: name,
      create: pipeline.broker,
      group: config.KAFKA_GROUP ?? station.group,
      resyncMs,
      log,
    }),
    deadLetters: kafkaPublisher({
      ...connection,
      topic: deadLettersOf(topic),
      clientId: name,
      create: {
        partitions: 1,
        retentionBytes: deadLetterBounds.bytesMax,
        retentionMs: deadLetterBounds.ageMaxMs,
      },
      log,
    }),
  };
}

async function rabbitLane(config: ConfigOf<typeof spec>, log: Log): Promise<Lane> {
  const { rabbitSubscriber } = await import("../../lib/broker/rabbit/rabbit-subscriber.ts");
  const { rabbitPublisher } = await import("../../lib/broker/rabbit/rabbit-publisher.ts");
  const { pipeline } = config.STATION;
  const queue = config.RABBIT_QUEUE ?? pipeline.broker.queue;
  const url = config.RABBIT_URL.href;
  return {
    subscriber: rabbitSubscriber({ url, queue, log }),
    deadLetters: rabbitPublisher({ url, queue: deadLettersOf(queue), log }),
  };
}
