import type { EventId } from "./event-id.ts";

/** One event on its way: `message` is what the pipeline's protobuf message defines. */
export interface PipelineEvent<M> {
  readonly id: EventId;
  readonly message: M;
}
