import type { DescMessage, Message } from "@bufbuild/protobuf";
import type { LaneOutcomes } from "../broker/lane-outcomes.ts";
import type { PublishErrorCode } from "../broker/publish-error.ts";
import type { Publisher, PublishOptions, PublishResult } from "../broker/publisher.ts";
import { httpUrl } from "../config.ts";
import { timeoutHeader } from "../door/allowed-time.ts";
import { forwardedMark, idempotencyKey } from "../door/idempotency.ts";
import { formatPolicy, prefer } from "../door/preference.ts";
import { problemType } from "../door/problem.ts";
import { readBody } from "../door/read-body.ts";
import type { PipelineEvent } from "../event/event.ts";
import { type ClientTls, clientOptions } from "../tls/client-tls.ts";
import { appliedTo } from "./applied.ts";
import { jsonEncoder } from "./encode-json.ts";
import { hop, notStored } from "./hop.ts";
import { isUnreached } from "./unreached.ts";

/** Where events are handed on to by HTTP. */
export interface HttpPublisherOptions {
  /** The message of the events. */
  readonly schema: DescMessage;
  /** The URL that takes them in a POST; the scheme may be left out. */
  readonly address: string | URL;
  /** What the next station is reached by where it is behind mutual TLS; the address is an `https` one then. */
  readonly tls?: ClientTls | undefined;
  /** How many requests may be open at a time. @default 1000 */
  readonly inFlightMax?: number;
}

/** The most that is read of a reply, in bytes. */
const replyBytesMax = 65_536;

/** How long a probe may take, in milliseconds: less than readiness checks give it. */
const probeMs = 800;

/** What fetch says of a kept connection that the server closed while a request was on its way to it. */
const closedMeanwhile = new Set(["ECONNRESET", "ConnectionClosed"]);

type Fetch = (url: URL, request: RequestInit) => Promise<Response>;

/** Hands events on by HTTP, as JSON; the status alone decides what became of an event. */
export function httpPublisher(options: HttpPublisherOptions): Publisher<PipelineEvent<Message>> {
  const { schema, address, tls, inFlightMax = 1_000 } = options;
  const url = typeof address === "string" ? httpUrl(address) : address;
  // Connections under a certificate are nobody else's.
  const session = tls && new Bun.FetchSession({ tls: clientOptions(tls) });
  const get: Fetch = session === undefined ? fetch : session.fetch;
  const encode = jsonEncoder(schema);
  return hop({
    target: url.href,
    inFlightMax,
    send: async ({ id, message }, publishOptions) => {
      const { deadlineAtMs, policy } = publishOptions;
      const leftMs = Math.max(1, Math.floor(deadlineAtMs - Date.now()));
      const signal = AbortSignal.timeout(leftMs);
      const headers: Record<string, string> = {
        "content-type": "application/json",
        [idempotencyKey]: id,
        [forwardedMark]: "1",
        [timeoutHeader]: `${leftMs}`,
      };
      if (policy !== undefined) headers[prefer] = formatPolicy(policy);
      const request: RequestInit = {
        method: "POST",
        headers,
        body: encode(message),
        // What is elsewhere has not stored the event.
        redirect: "manual",
        signal,
      };
      let reply: Response | undefined;
      try {
        const fetched = await fetchTwice(get, url, request);
        reply = fetched.reply;
        const result = await resultOf(reply, url, publishOptions);
        return fetched.twice ? unlessRefused(result) : result;
      } catch (cause) {
        const code = signal.aborted ? "deadline" : "unavailable";
        const unanswered = code === "unavailable" && reply === undefined;
        const message = `Cannot hand on to ${url.href}: ${String(cause)}`;
        return notStored(code, message, { cause, unanswered, unreached: isUnreached(cause) });
      }
    },
    ready: () => answers(get, url),
    disconnect: () => session?.close(),
  });
}

/** A request, made again at most once where a kept connection broke: the id makes that harmless. */
async function fetchTwice(
  get: Fetch,
  url: URL,
  request: RequestInit,
): Promise<{ readonly reply: Response; readonly twice: boolean }> {
  try {
    return { reply: await get(url, request), twice: false };
  } catch (error) {
    if (!closedMeanwhile.has((error as { code?: string }).code ?? "")) throw error;
    return { reply: await get(url, request), twice: true };
  }
}

/** A refusal holds for the request that got it alone: the one before, whose connection broke, may have had an effect. */
function unlessRefused(result: PublishResult): PublishResult {
  if (result.stored || !result.error.refused) return result;
  const { message, lanes, applied } = result.error;
  const details = {
    ...(lanes === undefined ? {} : { lanes }),
    ...(applied === undefined ? {} : { applied }),
  };
  return notStored("unavailable", `Cannot tell what became of an event: ${message}`, details);
}

interface Problem {
  readonly type?: unknown;
  readonly detail?: unknown;
  readonly lanes?: unknown;
}

async function resultOf(
  reply: Response,
  url: URL,
  { deadlineAtMs, policy }: PublishOptions,
): Promise<PublishResult> {
  const applied = policy === undefined ? {} : appliedTo(policy, reply.headers);
  if (reply.ok) {
    // Read to its end, for only then can the connection be used again.
    await readProblem(reply, deadlineAtMs);
    return { stored: true, ...applied };
  }
  const { type, detail, lanes: said } = await readProblem(reply, deadlineAtMs);
  const code = kinds.get(String(type)) ?? codeOf(reply.status);
  const why = typeof detail === "string" ? detail.slice(0, 500) : `status ${reply.status}`;
  const unknown = code === "unavailable" || code === "deadline";
  const lanes = lanesOf(said);
  return notStored(
    code,
    unknown ? `Cannot hand on to ${url.href}: status ${reply.status}: ${why}` : why,
    { ...applied, ...(lanes === undefined ? {} : { lanes }) },
  );
}

/** What statuses do not tell apart, from doors that are ours. */
const kinds: ReadonlyMap<string, PublishErrorCode> = new Map([
  [problemType("conflict"), "conflict"],
  [problemType("deadline"), "deadline"],
]);

const refusals: ReadonlyMap<number, PublishErrorCode> = new Map([
  [400, "invalid"],
  [409, "conflict"],
  [413, "invalid"],
  [422, "invalid"],
  [429, "overloaded"],
]);

/** Other statuses, 404 and 405 among them, say that the next hop is not what we take it for: no fault of the event's. */
function codeOf(status: number): PublishErrorCode {
  return refusals.get(status) ?? "unavailable";
}

async function readProblem(reply: Response, deadlineAtMs: number): Promise<Problem> {
  const timeoutMs = Math.max(0, deadlineAtMs - Date.now());
  const body = await readBody(reply, { bytesMax: replyBytesMax, timeoutMs });
  if (body.kind !== "bytes") {
    await reply.body?.cancel().catch(() => {});
    return {};
  }
  try {
    const value: unknown = JSON.parse(Buffer.from(body.bytes).toString());
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

function lanesOf(said: unknown): LaneOutcomes | undefined {
  if (typeof said !== "object" || said === null) return undefined;
  const lanes = Object.entries(said).map(([lane, outcome]) => [lane, String(outcome)]);
  return lanes.length === 0 ? undefined : Object.fromEntries(lanes);
}

/** Whether anything but a failure answers; a POST alone would tell more, and have an effect. */
async function answers(get: Fetch, url: URL): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(probeMs);
    const reply = await get(url, { method: "OPTIONS", redirect: "manual", signal });
    await reply.body?.cancel();
    return reply.status < 500;
  } catch {
    return false;
  }
}
