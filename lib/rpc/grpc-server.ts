import { once } from "node:events";
import {
  constants,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import type { AddressInfo } from "node:net";
import {
  Code,
  type ConnectRouter,
  type ContextValues,
  createContextValues,
} from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { listenFault } from "../listen-fault.ts";
import { whenOverdue } from "../overdue.ts";
import type { ServerTls } from "../tls/server-tls.ts";
import { endWith } from "./end-with.ts";
import type { Gate } from "./gate.ts";
import { guarded } from "./guarded.ts";
import { secureServer } from "./secure-server.ts";
import {
  connectionsMax,
  limitSession,
  prefaceMs,
  type SessionTimes,
  sessionOptions,
} from "./session-limits.ts";
import { strictTrailers } from "./strict-trailers.ts";

/** Adds methods to a router. */
export type Routes = (router: ConnectRouter) => void;

/** What a gRPC server needs. */
export interface GrpcServerOptions {
  /** 0 chooses a free one. */
  readonly port: number;
  /** All addresses where it is not set. */
  readonly hostname?: string | undefined;
  readonly routes: readonly Routes[];
  /** The most that one message may take, in bytes; more is answered with `RESOURCE_EXHAUSTED`. */
  readonly messageBytesMax: number;
  /** Who is let in. @default every call */
  readonly gate?: Gate;
  /** How long the message of a unary call may take to arrive, in milliseconds. @default 10000 */
  readonly readTimeoutMs?: number;
  /** How long connections may take to begin, and keep silent. */
  readonly sessionTimes?: SessionTimes;
  /** By what it serves other stations, and nobody else. @default in clear text, everybody */
  readonly tls?: ServerTls | undefined;
}

/** A listening server. Disposing tells clients to go elsewhere, finishes what is in flight (bounded), then ends the rest. */
export interface GrpcServer extends AsyncDisposable {
  readonly port: number;
}

/** How long calls in flight may take after the closing began, in milliseconds. */
const drainMs = 15_000;

/**
 * Serves gRPC over HTTP/2, with node:http2 because Bun's own server sends no trailers. The protocols Connect
 * and gRPC-Web are off: the HTTP doors are there for what speaks no gRPC, and one protocol has one set of verdicts.
 */
export async function grpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const { gate, readTimeoutMs = 10_000 } = options;
  const closing = new AbortController();
  const unary = new Set<string>();
  const values = new WeakMap<object, ContextValues>();
  const adapter = connectNodeAdapter({
    connect: false,
    grpcWeb: false,
    readMaxBytes: options.messageBytesMax,
    // Ends watches and reflection; a unary call that has begun is finished all the same.
    shutdownSignal: closing.signal,
    routes: (router) => {
      for (const add of options.routes) add(router);
      for (const { method, requestPath } of router.handlers) {
        if (method.methodKind === "unary") unary.add(requestPath);
      }
      strictTrailers(router);
    },
    contextValues: (request) => values.get(request) ?? createContextValues(),
    fallback: (request, response) => unknownMethod(request, response as Http2ServerResponse),
  });
  const serve = guarded(adapter);
  const server = listener(options, (request, response) => {
    const path = pathOf(request.url);
    if (unary.has(path)) limitReading(request, response, readTimeoutMs);
    const verdict = gate?.(path, request);
    if (verdict === undefined) return serve(request, response);
    if (!("code" in verdict)) {
      values.set(request, verdict);
      return serve(request, response);
    }
    endWith(response, verdict.code, verdict.message, verdict.metadata);
    // What still comes of the message is dropped; the stream ends with it.
    request.resume();
  });
  server.maxConnections = connectionsMax;
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    // A client that breaks off is no fault of ours; without a listener it would end the process.
    session.on("error", () => session.destroy());
    limitSession(session, options.sessionTimes);
  });
  server.listen(options.port, options.hostname);
  // An error before the listening began is what `once` rejects with.
  await once(server, "listening").catch((error: unknown) => {
    throw listenFault(options.port, "GRPC_PORT", error);
  });
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => close(server, sessions, closing),
  };
}

/** A server for the connections of everybody, or for those of other stations. */
function listener(
  { tls, sessionTimes = {} }: GrpcServerOptions,
  onRequest: (request: Http2ServerRequest, response: Http2ServerResponse) => void,
): Http2Server | Http2SecureServer {
  if (tls === undefined) return createServer(sessionOptions, onRequest);
  const handshakeMs = sessionTimes.prefaceMs ?? prefaceMs;
  return secureServer(tls, { http2: sessionOptions, handshakeMs, onRequest });
}

/** The path without a query, which Connect passes over as well: no query leads around a gate or a limit. */
function pathOf(url: string): string {
  const at = url.indexOf("?");
  return at === -1 ? url : url.slice(0, at);
}

/**
 * Gives a call up whose message does not arrive, which nothing else ends where the client set no deadline, and ends the
 * stream of a call that was answered before its message was whole.
 */
function limitReading(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  timeoutMs: number,
): void {
  const settled = whenOverdue(timeoutMs, () => {
    if (!response.headersSent) {
      endWith(response, Code.DeadlineExceeded, "the message did not arrive in time");
    }
    request.stream.close(constants.NGHTTP2_NO_ERROR);
  });
  request.once("end", settled);
  // Not the request's own "close": it comes as soon as the call is answered, with the stream still open.
  request.stream.once("close", settled);
}

function unknownMethod(
  request: Pick<Http2ServerRequest, "headers">,
  response: Http2ServerResponse,
): void {
  if (request.headers["content-type"]?.startsWith("application/grpc")) {
    endWith(response, Code.Unimplemented, "no such method");
  } else {
    response.writeHead(415);
    response.end();
  }
}

async function close(
  server: Http2Server | Http2SecureServer,
  sessions: ReadonlySet<ServerHttp2Session>,
  closing: AbortController,
): Promise<void> {
  const closed = once(server, "close");
  server.close();
  closing.abort();
  for (const session of sessions) session.close();
  const timer = setTimeout(() => {
    for (const session of sessions) session.destroy();
  }, drainMs);
  await closed;
  clearTimeout(timer);
}
