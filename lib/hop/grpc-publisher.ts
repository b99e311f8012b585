import type { DescMethodUnary, Message } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from "../../gen/grpc/health/v1/health_pb.ts";
import type { PublishErrorDetails } from "../broker/publish-error.ts";
import type { Publisher, PublishOptions, PublishResult } from "../broker/publisher.ts";
import { httpUrl } from "../config.ts";
import { forwardedMark, idempotencyKey } from "../door/idempotency.ts";
import { formatPolicy, prefer } from "../door/preference.ts";
import type { PipelineEvent } from "../event/event.ts";
import type { Policy } from "../pipeline/station.ts";
import { publishErrorCodeOf } from "../rpc/codes.ts";
import { laneOutcomes, parseLanes } from "../rpc/metadata.ts";
import { type ClientTls, clientOptions } from "../tls/client-tls.ts";
import { appliedTo } from "./applied.ts";
import { hop, notStored } from "./hop.ts";
import { isUnreached } from "./unreached.ts";

/** Where events are handed on to by gRPC. */
export interface GrpcPublisherOptions {
  /** The method that takes the pipeline's message. */
  readonly method: DescMethodUnary;
  /** `http://host:port` or `https://host:port`; without a scheme it is the former. */
  readonly address: string | URL;
  /** What the next station is reached by where it is behind mutual TLS; the address is an `https` one then. */
  readonly tls?: ClientTls | undefined;
  /** How many calls may be open at a time. @default 1000 */
  readonly inFlightMax?: number;
}

/** The most that a reply may take, in bytes; what is in it is not looked at. */
const replyBytesMax = 65_536;

/** How long a probe may take, in milliseconds: less than readiness checks give it. */
const probeMs = 800;

/** Finds out that a connection with calls on it is dead, in milliseconds. Idle ones are looked at before they are used. */
const pings = { pingIntervalMs: 10_000, pingTimeoutMs: 5_000 };

/** What the library says of calls that the server has not begun: it was leaving, or took no more streams. */
const notBegun = /GOAWAY|REFUSED_STREAM/;

/** What it says of calls that the server broke off. */
const streamReset = /^http\/2 stream closed/;

/**
 * Hands events on by gRPC over one connection, which is made when it is needed and made anew when it is lost. The status
 * alone decides what became of an event; a server that knows nothing but the method, and no metadata, will do.
 */
export function grpcPublisher(options: GrpcPublisherOptions): Publisher<PipelineEvent<Message>> {
  const { method, address, tls, inFlightMax = 1_000 } = options;
  const { origin } = typeof address === "string" ? httpUrl(address) : address;
  const sessionManager = new Http2SessionManager(origin, pings, tls && clientOptions(tls));
  const transport = createGrpcTransport({
    baseUrl: origin,
    sessionManager,
    readMaxBytes: replyBytesMax,
    acceptCompression: [],
  });
  // Any message is an Empty with unknown fields, so that no reply is one that cannot be read.
  const call = { ...method, output: EmptySchema };
  return hop({
    target: `${origin}/${method.parent.typeName}.${method.name}`,
    inFlightMax,
    send: async (event, publishOptions) => {
      const { policy } = publishOptions;
      try {
        const header = await send(transport, call, event, publishOptions);
        return policy === undefined ? stored : { stored: true, ...appliedTo(policy, header) };
      } catch (error) {
        return resultOf(ConnectError.from(error), origin, policy);
      }
    },
    ready: () => isServing(transport),
    disconnect: () => sessionManager.abort(),
  });
}

const stored: PublishResult = { stored: true };

/** One call, made again at most once where the server has not begun it; yields the reply's metadata. */
async function send(
  transport: Transport,
  method: DescMethodUnary,
  { id, message }: PipelineEvent<Message>,
  { deadlineAtMs, policy }: PublishOptions,
): Promise<Headers> {
  const headers: Record<string, string> = { [idempotencyKey]: id, [forwardedMark]: "1" };
  if (policy !== undefined) headers[prefer] = formatPolicy(policy);
  const once = () => transport.unary(method, undefined, leftMs(deadlineAtMs), headers, message);
  try {
    return (await once()).header;
  } catch (error) {
    if (sentByServer(error) || !notBegun.test(String(error))) throw error;
    return (await once()).header;
  }
}

/** What is left until the deadline, in whole milliseconds: gRPC's header takes no fractions, and 0 would be no limit. */
function leftMs(deadlineAtMs: number): number {
  return Math.max(1, Math.floor(deadlineAtMs - Date.now()));
}

function resultOf(error: ConnectError, origin: string, policy: Policy | undefined): PublishResult {
  const code = publishErrorCodeOf(error.code, sentByServer(error));
  const lanes = parseLanes(error.metadata.get(laneOutcomes));
  const details: PublishErrorDetails = {
    cause: error,
    unanswered: code === "unavailable" && unanswered(error),
    unreached: code === "unavailable" && isUnreached(error),
    ...(lanes === undefined ? {} : { lanes }),
    ...(policy === undefined ? {} : appliedTo(policy, error.metadata)),
  };
  // A refusal's words are the next station's; a failure's name the place for the log.
  const said = error.rawMessage;
  const unknown = code === "unavailable" || code === "deadline";
  return notStored(code, unknown ? `Cannot hand on to ${origin}: ${said}` : said, details);
}

/** Whether an error is a status that came over the wire, and not one that our side made up. */
function sentByServer(error: unknown): boolean {
  return error instanceof ConnectError && error.metadata.has("grpc-status");
}

/** The codes that the library gives to connections that cannot be made or break; those of replies that it cannot read are others. */
const connectionCodes = new Set([Code.Unavailable, Code.Aborted, Code.Canceled]);

/** Whether the connection failed before anything of a reply came, which would be among the metadata. */
function unanswered(error: ConnectError): boolean {
  if (!error.metadata.entries().next().done) return false;
  return (
    connectionCodes.has(error.code) ||
    error.cause instanceof Error ||
    notBegun.test(error.rawMessage) ||
    streamReset.test(error.rawMessage)
  );
}

/** Asks the health service; a server without one is ready when it answers at all. */
async function isServing(transport: Transport): Promise<boolean> {
  try {
    const reply = await transport.unary(Health.method.check, undefined, probeMs, undefined, {});
    return reply.message.status === Status.SERVING;
  } catch (error) {
    return ConnectError.from(error).code === Code.Unimplemented;
  }
}
