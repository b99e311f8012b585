import type { Policy } from "../pipeline/station.ts";
import type { LaneOutcomes } from "./lane-outcomes.ts";

/**
 * Why an event is not known to be stored.
 *
 * - `invalid`, `conflict`, `overloaded`: refused, never an effect (bad content, a key used for another body, no room).
 * - `unavailable`, `deadline`: unknown; the same id may be sent again and has one effect.
 */
export type PublishErrorCode = "invalid" | "conflict" | "overloaded" | "unavailable" | "deadline";

/** What is known of a failure beside its code. */
export interface PublishErrorDetails {
  readonly cause?: unknown;
  readonly lanes?: LaneOutcomes;
  readonly applied?: Policy;
  readonly unanswered?: boolean;
  readonly unreached?: boolean;
}

/** An event's failure to be stored, with what is known of its effect. */
export class PublishError extends Error {
  override readonly name = "PublishError";
  readonly code: PublishErrorCode;
  /** How each lane answered, where several were asked. */
  readonly lanes: LaneOutcomes | undefined;
  /** The preferred policy, where it was applied. */
  readonly applied: Policy | undefined;
  /** True where the connection failed and no answer came over it: another endpoint may do better. */
  readonly unanswered: boolean;
  /** True where not even a connection was made, so that nothing was sent. */
  readonly unreached: boolean;

  constructor(code: PublishErrorCode, message: string, details: PublishErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.lanes = details.lanes;
    this.applied = details.applied;
    this.unreached = details.unreached ?? false;
    this.unanswered = details.unanswered ?? this.unreached;
  }

  /** True where the event cannot have had an effect. */
  get refused(): boolean {
    return this.code !== "unavailable" && this.code !== "deadline";
  }
}
