import type { Message } from "@bufbuild/protobuf";
import type { BrokerMessage } from "../broker/message.ts";
import type { Publisher } from "../broker/publisher.ts";
import type { PipelineEvent } from "../event/event.ts";
import type { AnyPipeline } from "../pipeline/pipeline.ts";

const utf8 = new TextEncoder();

/** Publishes a pipeline's events to a broker in the pipeline's broker form; disposes the broker's publisher with it. */
export function encoded(
  { broker }: AnyPipeline,
  publisher: Publisher<BrokerMessage>,
): Publisher<PipelineEvent<Message>> {
  const encode = ({ id, message }: PipelineEvent<Message>): BrokerMessage => ({
    id,
    key: broker.key?.(message),
    spread: broker.spread,
    body: utf8.encode(JSON.stringify(broker.encode(message))),
    headers: {},
  });
  return {
    publish: (events, options) => publisher.publish(events.map(encode), options),
    ready: () => publisher.ready(),
    [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
  };
}
