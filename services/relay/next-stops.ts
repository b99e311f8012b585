import type { Message } from "@bufbuild/protobuf";
import type { Publisher } from "../../lib/broker/publisher.ts";
import type { ConfigOf } from "../../lib/config.ts";
import { encoded } from "../../lib/delivery/encoded.ts";
import type { PipelineEvent } from "../../lib/event/event.ts";
import type { Log } from "../../lib/log.ts";
import type { NextStop } from "../../lib/pipeline/station.ts";
import type { spec } from "./config.ts";

type Hop = Publisher<PipelineEvent<Message>>;
type Config = ConfigOf<typeof spec>;

/** The publisher of one of a station's next stops; the drivers of other kinds are never loaded. */
export function openStop(stop: NextStop, config: Config, log: Log): Promise<Hop> {
  if (stop.via === "grpc") return grpcStop(stop, config);
  if (stop.via === "http") return httpStop(stop, config);
  return stop.lane === "kafka" ? kafkaStop(config, log) : rabbitStop(config, log);
}

async function grpcStop(stop: Extract<NextStop, { via: "grpc" }>, config: Config): Promise<Hop> {
  const { grpcPublisher } = await import("../../lib/hop/grpc-publisher.ts");
  return grpcPublisher({ method: stop.method, address: config.NEXT_URL ?? stop.address });
}

async function httpStop(stop: Extract<NextStop, { via: "http" }>, config: Config): Promise<Hop> {
  const { httpPublisher } = await import("../../lib/hop/http-publisher.ts");
  const { message: schema } = config.STATION.pipeline;
  return httpPublisher({ schema, address: config.NEXT_URL ?? stop.address });
}

async function kafkaStop(config: Config, log: Log): Promise<Hop> {
  const { kafkaPublisher } = await import("../../lib/broker/kafka/kafka-publisher.ts");
  const { pipeline, name } = config.STATION;
  const topic = config.KAFKA_TOPIC ?? pipeline.broker.topic;
  const { KAFKA_BROKERS: brokers } = config;
  return encoded(pipeline, kafkaPublisher({ brokers, topic, clientId: name, log }));
}

async function rabbitStop(config: Config, log: Log): Promise<Hop> {
  const { rabbitPublisher } = await import("../../lib/broker/rabbit/rabbit-publisher.ts");
  const { pipeline } = config.STATION;
  const queue = config.RABBIT_QUEUE ?? pipeline.broker.queue;
  return encoded(pipeline, rabbitPublisher({ url: config.RABBIT_URL.href, queue, log }));
}
