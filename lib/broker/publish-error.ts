import type { LaneOutcomes } from "./lane-outcomes.ts";

/**
 * Why an event is not known to be stored.
 *
 * - `invalid`, `conflict`, `overloaded`: refused, never an effect (bad content, a key used for another body, no room).
 * - `unavailable`, `deadline`: unknown; the same id may be sent again and has one effect.
 */
export type PublishErrorCode = "invalid" | "conflict" | "overloaded" | "unavailable" | "deadline";

/** An event's failure to be stored, with what is known of its effect. */
export class PublishError extends Error {
  override readonly name = "PublishError";
  readonly code: PublishErrorCode;
  /** How each lane answered, where several were asked. */
  readonly lanes: LaneOutcomes | undefined;

  constructor(
    code: PublishErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly lanes?: LaneOutcomes } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.lanes = options.lanes;
  }

  /** True where the event cannot have had an effect. */
  get refused(): boolean {
    return this.code !== "unavailable" && this.code !== "deadline";
  }
}
