import { Code } from "@connectrpc/connect";
import type { PublishErrorCode } from "../broker/publish-error.ts";

const codes: Readonly<Record<PublishErrorCode, Code>> = {
  invalid: Code.InvalidArgument,
  conflict: Code.AlreadyExists,
  overloaded: Code.ResourceExhausted,
  unavailable: Code.Unavailable,
  deadline: Code.DeadlineExceeded,
};

/** The gRPC code by which a door answers. */
export function codeOf(code: PublishErrorCode): Code {
  return codes[code];
}

const refusals: ReadonlyMap<Code, PublishErrorCode> = new Map([
  [Code.InvalidArgument, "invalid"],
  [Code.OutOfRange, "invalid"],
  [Code.AlreadyExists, "conflict"],
  [Code.FailedPrecondition, "conflict"],
  [Code.ResourceExhausted, "overloaded"],
]);

/**
 * What a code means for the event. Only a status that the server itself sent can be a refusal: our own side raises some
 * of the same codes for replies that it cannot read, when the event may well be stored.
 */
export function publishErrorCodeOf(code: Code, sentByServer: boolean): PublishErrorCode {
  if (code === Code.DeadlineExceeded) return "deadline";
  return (sentByServer ? refusals.get(code) : undefined) ?? "unavailable";
}
