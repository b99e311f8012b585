import type { LaneOutcomes } from "../broker/lane-outcomes.ts";
import type { FieldFault } from "./field-fault.ts";

/**
 * Why a door did not take an event, in words that every protocol maps to its own status.
 *
 * - `fields`: the message breaks rules. `bad-key`: the idempotency key is malformed; `stale-key`: its time cannot be used.
 * - `unauthenticated`: no key that is known came with it.
 * - `invalid`, `conflict`, `overloaded`: refused further on, or here, without effect.
 * - `no-keys`: the key cannot be looked up now. `unavailable`, `deadline`: not confirmed, the effect is unknown.
 * - `internal`: a fault of ours.
 */
export type FailureKind =
  | "fields"
  | "bad-key"
  | "stale-key"
  | "unauthenticated"
  | "invalid"
  | "conflict"
  | "overloaded"
  | "no-keys"
  | "unavailable"
  | "deadline"
  | "internal";

/** A failure with what a client may know of it. */
export interface Failure<K extends string = FailureKind> {
  readonly kind: K;
  readonly detail: string;
  /** Every faulty field, where fields are the reason. */
  readonly faults?: readonly FieldFault[];
  /** How each lane answered, where several were asked. */
  readonly lanes?: LaneOutcomes;
}
