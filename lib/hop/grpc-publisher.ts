import type { DescMethodUnary, Message } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from "../../gen/grpc/health/v1/health_pb.ts";
import type { LaneOutcomes } from "../broker/lane-outcomes.ts";
import type { Publisher, PublishResult } from "../broker/publisher.ts";
import { httpUrl } from "../config.ts";
import { forwardedMark, idempotencyKey } from "../door/idempotency.ts";
import type { PipelineEvent } from "../event/event.ts";
import { publishErrorCodeOf } from "../rpc/codes.ts";
import { laneOutcomes, parseLanes } from "../rpc/metadata.ts";
import { hop, notStored } from "./hop.ts";

/** Where events are handed on to by gRPC. */
export interface GrpcPublisherOptions {
  /** The method that takes the pipeline's message. */
  readonly method: DescMethodUnary;
  /** `http://host:port`; the scheme may be left out. */
  readonly address: string | URL;
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

/**
 * Hands events on by gRPC over one connection, which is made when it is needed and made anew when it is lost. The status
 * alone decides what became of an event; a server that knows nothing but the method, and no metadata, will do.
 */
export function grpcPublisher(options: GrpcPublisherOptions): Publisher<PipelineEvent<Message>> {
  const { method, address, inFlightMax = 1_000 } = options;
  const { origin } = typeof address === "string" ? httpUrl(address) : address;
  const sessionManager = new Http2SessionManager(origin, pings);
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
    send: async (event, deadlineAtMs) => {
      try {
        await send(transport, call, event, deadlineAtMs);
        return { stored: true };
      } catch (error) {
        return resultOf(ConnectError.from(error), origin);
      }
    },
    ready: () => isServing(transport),
    disconnect: () => sessionManager.abort(),
  });
}

/** One call, made again at most once where the server has not begun it. */
async function send(
  transport: Transport,
  method: DescMethodUnary,
  { id, message }: PipelineEvent<Message>,
  deadlineAtMs: number,
): Promise<void> {
  const headers = { [idempotencyKey]: id, [forwardedMark]: "1" };
  const once = () =>
    transport.unary(method, undefined, Math.max(1, deadlineAtMs - Date.now()), headers, message);
  try {
    await once();
  } catch (error) {
    if (sentByServer(error) || !notBegun.test(String(error))) throw error;
    await once();
  }
}

function resultOf(error: ConnectError, origin: string): PublishResult {
  const code = publishErrorCodeOf(error.code, sentByServer(error));
  const lanes = parseLanes(error.metadata.get(laneOutcomes));
  const cause = { cause: error, ...(lanes === undefined ? {} : { lanes }) } satisfies {
    cause: unknown;
    lanes?: LaneOutcomes;
  };
  // A refusal's words are the next station's; a failure's name the place for the log.
  const said = error.rawMessage;
  const unknown = code === "unavailable" || code === "deadline";
  return notStored(code, unknown ? `Cannot hand on to ${origin}: ${said}` : said, cause);
}

/** Whether an error is a status that came over the wire, and not one that our side made up. */
function sentByServer(error: unknown): boolean {
  return error instanceof ConnectError && error.metadata.has("grpc-status");
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
