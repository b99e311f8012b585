import type { PipelineEvent } from "../event/event.ts";
import type { Scalar } from "./operation.ts";

/** The flat fields of an event as its pipeline's log keeps them: texts and finite numbers. */
export type LogRecord = Readonly<Record<string, Scalar>>;

/** What a pipeline's log keeps of each event. */
export interface LogForm<M> {
  /** The collection that it stands in. */
  readonly collection: string;
  /**
   * The event's record, derived from the event alone. The log itself adds `_id`, the event's id, and `date`, the time of
   * that id; no field may have these names, begin with `$` or hold a dot.
   */
  record(event: PipelineEvent<M>): LogRecord;
}
