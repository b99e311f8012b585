import type { Message } from "@bufbuild/protobuf";
import type { Authentication } from "../auth/authentication.ts";
import type { Publisher } from "../broker/publisher.ts";
import type { PipelineEvent } from "../event/event.ts";
import type { Log } from "../log.ts";
import type { AnyPipeline } from "../pipeline/pipeline.ts";
import type { RelayStation } from "../pipeline/station.ts";
import type { Keys } from "../store/keys.ts";
import type { Admission } from "./admission.ts";

/** What the doors of one station need, over HTTP and gRPC alike. */
export interface DoorOptions {
  readonly pipeline: AnyPipeline;
  readonly station: RelayStation;
  readonly publisher: Publisher<PipelineEvent<Message>>;
  /** Where clients' own keys are claimed; without it such requests get 503, others go on. */
  readonly keys?: Keys | undefined;
  /** How old an id that a client sends may be, in milliseconds. */
  readonly idWindowMs: number;
  /** How long a request may take, in milliseconds; the station's own where it is not set. */
  readonly deadlineMs?: number | undefined;
  /** Whether a request may choose its policy, by `Prefer: policy=kafka`, for this station and those behind it. @default false */
  readonly preferPolicy?: boolean;
  /** Who may send events, one for all doors of the process; a first door's alone. @default everybody */
  readonly authentication?: Authentication | undefined;
  /** What refuses events for which there is no room, one for all doors of the process. @default everything is let in */
  readonly admission?: Admission | undefined;
  /**
   * Whether other stations hand on to this one. Only then is a request's word believed that a door before has settled its
   * key and paid for it: to a first door anybody could say so. @default false
   */
  readonly isBehind?: boolean;
  readonly log: Log;
  /** The time in milliseconds since the Unix epoch. */
  readonly clock?: () => number;
}
