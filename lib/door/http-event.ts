import type { DescMessage } from "@bufbuild/protobuf";
import type { Authentication } from "../auth/authentication.ts";
import { apiKeyHeader } from "../auth/presented-key.ts";
import type { EventId } from "../event/event-id.ts";
import type { EventRoute, ProblemWords, Reply } from "../pipeline/station.ts";
import type { Admission } from "./admission.ts";
import { allowedMs, timeoutHeader, timeoutIn } from "./allowed-time.ts";
import { type Decoded, type JsonDecoder, jsonDecoder } from "./decode-json.ts";
import type { Failure } from "./failure.ts";
import { forwardedMark, idempotencyKey, provisionalId } from "./idempotency.ts";
import type { Intake } from "./intake.ts";
import { policyIn, prefer, tellApplied } from "./preference.ts";
import { type ProblemKind, problem, type Wording } from "./problem.ts";
import { readBody } from "./read-body.ts";

/** The most that one event may take, in bytes, at every door. */
export const eventBytesMax = 65_536;

/** What a handler of an event route needs. */
export interface HttpEventOptions {
  readonly schema: DescMessage;
  readonly intake: Intake;
  readonly route: EventRoute;
  /** How long a request may take, its body included, in milliseconds. */
  readonly deadlineMs: number;
  /** Whether a request may choose its policy. */
  readonly preferPolicy: boolean;
  readonly authentication: Authentication | undefined;
  /** What logs call the route. */
  readonly label: string;
  readonly admission: Admission | undefined;
  /** Whether the mark of forwarded events is believed. */
  readonly isBehind: boolean;
}

/** The server that a request came to, as far as it knows where that came from. */
export interface RequestServer {
  requestIP(request: Request): { readonly address: string } | null;
}

/** Handles a request; the server is given where it is asked for. */
export type EventHandler = (request: Request, server?: RequestServer | null) => Promise<Response>;

/** Handles the POSTs of an event route: sender, content type, room, size, JSON, fields, key, publish, in this order. */
export function httpEvent(options: HttpEventOptions): EventHandler {
  const { schema, intake, route, deadlineMs, preferPolicy, admission, isBehind } = options;
  const { authentication, label: door } = options;
  const decode = jsonDecoder(schema);
  const words = route.words ?? {};
  const reply = replier(route.reply);
  const refuse = (id: EventId, failure: Failure<ProblemKind>) =>
    problem(failure, { id, wording: wordingOf(words, failure.kind) });

  async function arrived(
    request: Request,
    timeoutMs: number,
    forwarded: boolean,
  ): Promise<DecodedBody | Failure<ProblemKind>> {
    if (!isJson(request.headers.get("content-type"))) return wrongType;
    const noRoom = admission?.refuse(forwarded) ?? admission?.refuseBody();
    if (noRoom !== undefined) return noRoom;
    const body = await readBody(request, { bytesMax: eventBytesMax, timeoutMs });
    admission?.bodyRead();
    return body.kind === "bytes" ? decodeBody(decode, body.bytes) : unread[body.kind];
  }

  return async (request, server) => {
    const { headers } = request;
    const timeoutMs = allowedMs(timeoutIn(headers.get(timeoutHeader)), deadlineMs);
    const deadlineAtMs = intake.clock() + timeoutMs;
    const key = headers.get(idempotencyKey);
    const forwarded = isBehind && key !== null && headers.get(forwardedMark) === "1";
    try {
      const sender = authentication?.admit({
        authorization: headers.get("authorization"),
        apiKey: headers.get(apiKeyHeader),
        door,
        remote: () => server?.requestIP(request)?.address,
      });
      if (sender !== undefined && "kind" in sender) return refuse(provisionalId(key), sender);
      const client = sender?.client;
      const decoded = await arrived(request, timeoutMs, forwarded);
      if (decoded.kind !== "message") return refuse(provisionalId(key), decoded);
      const { message } = decoded;
      const policy = preferPolicy ? policyIn(headers.get(prefer)) : undefined;
      const taken = await intake.take({ key, client, forwarded, message, deadlineAtMs, policy });
      const { id, failure, applied } = taken;
      const response = failure === undefined ? reply(id) : refuse(id, failure);
      if (applied !== undefined) tellApplied(response.headers, applied);
      return response;
    } catch (error) {
      const { id, failure } = intake.unforeseen(key, error);
      return refuse(id, failure);
    }
  };
}

const wrongType = {
  kind: "wrong-content-type",
  detail: "the body must be application/json in UTF-8",
} as const;

/** The answers to a body that could not be read whole. */
const unread = {
  "too-large": { kind: "too-large", detail: `an event may take ${eventBytesMax} bytes` },
  "too-slow": { kind: "too-slow", detail: "the body did not arrive in time" },
  "cut-off": { kind: "cut-off", detail: "the body ended before its length" },
} as const;

type DecodedBody = Extract<Decoded, { kind: "message" }> | Failure<"not-json" | "fields">;

function decodeBody(decode: JsonDecoder, bytes: Uint8Array): DecodedBody {
  const decoded = decode(bytes);
  switch (decoded.kind) {
    case "message":
      return decoded;
    case "notJson":
      return { kind: "not-json", detail: decoded.reason };
    case "faults":
      return { kind: "fields", detail: "nothing was done", faults: decoded.faults };
  }
}

/** `application/json`, with no character set or with UTF-8. */
function isJson(contentType: string | null): boolean {
  if (contentType === "application/json") return true;
  const [type, ...parameters] = (contentType ?? "").toLowerCase().split(";");
  const charset = parameters.map((each) => each.trim()).find((each) => each.startsWith("charset="));
  return (
    type?.trim() === "application/json" &&
    (charset === undefined || /^charset="?utf-8"?$/.test(charset))
  );
}

function replier({ status, json, text }: Reply): (id: EventId) => Response {
  const body = json === undefined ? (text ?? "") : JSON.stringify(json);
  const type = json === undefined ? "text/plain;charset=utf-8" : "application/json";
  return (id) =>
    new Response(body, { status, headers: { "content-type": type, [idempotencyKey]: id } });
}

const downstream: ReadonlySet<ProblemKind> = new Set(["unavailable", "deadline"]);

function wordingOf({ notJson, downstream: down }: ProblemWords, kind: ProblemKind): Wording {
  if (kind === "not-json") return { title: notJson };
  return downstream.has(kind) && down !== undefined ? down : {};
}
