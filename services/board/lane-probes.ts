import { kafkaEnds } from "../../lib/broker/kafka/kafka-ends.ts";
import { rabbitDepth } from "../../lib/broker/rabbit/rabbit-depth.ts";
import type { ConfigOf } from "../../lib/config.ts";
import { stationsThat } from "../../lib/pipeline/find-station.ts";
import type { Lane } from "../../lib/pipeline/station.ts";
import { kafkaConnection } from "../../lib/variables.ts";
import type { spec } from "./config.ts";
import type { LaneProbe } from "./lane-probe.ts";
import { relayCounts } from "./relay-counts.ts";

/** What the brokers of a pipeline's lanes say, by lane: of those that it has consumers for, and no other. */
export function laneProbes(
  config: ConfigOf<typeof spec>,
  resources: AsyncDisposableStack,
): Readonly<Partial<Record<Lane, LaneProbe>>> {
  const consumers = stationsThat([config.PIPELINE], "consumer");
  const lanes = [...new Set(consumers.map(({ station }) => station.lane))];
  return Object.fromEntries(
    lanes.map((lane) => [
      lane,
      lane === "kafka" ? kafkaProbe(config, resources) : rabbitProbe(config),
    ]),
  );
}

function kafkaProbe(config: ConfigOf<typeof spec>, resources: AsyncDisposableStack): LaneProbe {
  const topic = config.KAFKA_TOPIC ?? config.PIPELINE.broker.topic;
  const kafka = resources.use(kafkaEnds({ ...kafkaConnection(config), topic }));
  return { kind: "offsets", ends: () => kafka.read() };
}

function rabbitProbe(config: ConfigOf<typeof spec>): LaneProbe {
  const queue = config.RABBIT_QUEUE ?? config.PIPELINE.broker.queue;
  return {
    kind: "queue",
    depth: () => rabbitDepth(config.RABBIT_URL.href, queue),
    published: () => relayCounts(config.RELAY_ADMIN_URLS, "rabbit"),
  };
}
