import type { EventId } from "../event/event-id.ts";
import type { Failure, FailureKind } from "./failure.ts";

/** Everything that an HTTP door may have to say no with: the failures of every door, and those of HTTP alone. */
export type ProblemKind =
  | FailureKind
  | "not-json"
  | "bad-query"
  | "not-found"
  | "wrong-method"
  | "wrong-content-type"
  | "too-large"
  | "too-slow"
  | "cut-off";

/** A title and status other than a kind's own, in a reference's words. */
export interface Wording {
  readonly status?: number | undefined;
  readonly title?: string | undefined;
}

/** What a problem carries beside its failure. */
export interface ProblemOptions {
  readonly id?: EventId;
  readonly wording?: Wording;
  /** The methods that the resource knows. */
  readonly allow?: string;
}

/** How long a client should wait before it tries again, in milliseconds: whole seconds, which are all that HTTP can say. */
export const retryAfterMs = 1_000;

const kinds: Readonly<Record<ProblemKind, { readonly status: number; readonly title: string }>> = {
  "not-json": { status: 400, title: "body is not JSON" },
  "bad-query": { status: 400, title: "malformed query" },
  "bad-key": { status: 400, title: "malformed Idempotency-Key" },
  "cut-off": { status: 400, title: "body ended early" },
  unauthenticated: { status: 401, title: "API key needed" },
  "not-found": { status: 404, title: "no such path" },
  "wrong-method": { status: 405, title: "method not allowed" },
  "too-slow": { status: 408, title: "body came too slowly" },
  "too-large": { status: 413, title: "body too large" },
  "wrong-content-type": { status: 415, title: "content type must be application/json" },
  fields: { status: 422, title: "invalid fields" },
  "stale-key": { status: 422, title: "Idempotency-Key outside its window" },
  invalid: { status: 422, title: "refused" },
  conflict: { status: 422, title: "Idempotency-Key used for another body" },
  overloaded: { status: 429, title: "overloaded" },
  internal: { status: 500, title: "internal error" },
  "no-keys": { status: 503, title: "idempotency keys are unavailable" },
  unavailable: { status: 503, title: "not confirmed" },
  deadline: { status: 503, title: "not confirmed in time" },
};

const retriable: ReadonlySet<ProblemKind> = new Set([
  "overloaded",
  "no-keys",
  "unavailable",
  "deadline",
]);

/** How clients prove who they are: RFC 6750, section 3, which asks for a parameter. */
const challenge = 'Bearer realm="events"';

/** The `type` of problems of a kind: what programs tell them apart by. */
export function problemType(kind: ProblemKind): string {
  return `urn:tweet-pipeline:problem:${kind}`;
}

/** An RFC 9457 reply. */
export function problem(
  { kind, detail, faults, lanes }: Failure<ProblemKind>,
  { id, wording = {}, allow }: ProblemOptions = {},
): Response {
  const status = wording.status ?? kinds[kind].status;
  const title = wording.title ?? kinds[kind].title;
  const headers = new Headers({ "content-type": "application/problem+json" });
  if (id !== undefined) headers.set("idempotency-key", id);
  if (allow !== undefined) headers.set("allow", allow);
  if (retriable.has(kind)) headers.set("retry-after", `${retryAfterMs / 1_000}`);
  if (kind === "unauthenticated") headers.set("www-authenticate", challenge);
  // What is still on its way is not waited for.
  if (kind === "too-slow") headers.set("connection", "close");
  const body = { type: problemType(kind), title, status, detail, errors: faults, lanes };
  return new Response(JSON.stringify(body), { status, headers });
}
