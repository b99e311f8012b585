import type { Message } from "@bufbuild/protobuf";
import { fanOut } from "../../delivery/fan-out.ts";
import type { PipelineEvent } from "../../event/event.ts";
import { memoryPublisher } from "../../testing/memory-publisher.ts";

/** What a door needs that has two lanes in memory and lets requests choose their policy. */
export function policyDoor(preferPolicy = true) {
  const kafka = memoryPublisher<PipelineEvent<Message>>();
  const rabbit = memoryPublisher<PipelineEvent<Message>>();
  const publisher = fanOut({ policy: "both", lanes: { kafka, rabbit } });
  return {
    kafka,
    rabbit,
    options: { publisher, preferPolicy },
    /** How many events each lane stored. */
    stored: () => ({ kafka: kafka.stored.length, rabbit: rabbit.stored.length }),
  };
}
