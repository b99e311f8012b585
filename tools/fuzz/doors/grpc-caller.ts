import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from "node:http2";
import type { GrpcRequest } from "../generate/grpc-request.ts";
import type { Door } from "./find-doors.ts";
import { shownBy } from "./http-bytes.ts";
import type { Reply } from "./reply.ts";

/** What is called. */
type Method = Pick<Door, "path" | "clientKey">;

/** Calls methods over one connection, several at a time. */
export interface GrpcCaller extends Disposable {
  /** What is no call for the server has a negative code: its HTTP status. */
  call(method: Method, request: GrpcRequest, key: string | undefined): Promise<Reply>;
}

const answerMs = 20_000;

/** Connects to a port of this machine, again whenever the connection is over. */
export function grpcCaller(port: number): GrpcCaller {
  let session: ClientHttp2Session | undefined;
  const open = () => {
    if (session !== undefined && !session.closed && !session.destroyed) return session;
    session = connect(`http://127.0.0.1:${port}`);
    session.on("error", () => {});
    return session;
  };
  return {
    call: (method, request, key) => called(open(), method, request, key),
    [Symbol.dispose]: () => session?.destroy(),
  };
}

function called(
  session: ClientHttp2Session,
  method: Method,
  request: GrpcRequest,
  key: string | undefined,
): Promise<Reply> {
  const { type, isHurried, chunks } = request;
  const stream = session.request({
    ":method": "POST",
    ":path": method.path,
    te: "trailers",
    ...Object.fromEntries(shownBy(method, request)),
    ...(isHurried ? { "grpc-timeout": "1m" } : {}),
    "content-type": type,
    ...(key === undefined ? {} : { "idempotency-key": key }),
  });
  const { promise, resolve } = Promise.withResolvers<Reply>();
  let said: IncomingHttpHeaders = {};
  let why = "the stream ended without a status";
  stream.on("response", (given) => {
    said = { ...given };
  });
  stream.on("trailers", (given) => {
    said = { ...said, ...given };
  });
  stream.on("error", (error: Error) => {
    why = error.message;
  });
  const timer = setTimeout(() => {
    why = `no status within ${answerMs} ms`;
    stream.close(8);
    resolve(replyOf(said, why));
  }, answerMs);
  stream.on("close", () => {
    clearTimeout(timer);
    resolve(replyOf(said, why));
  });
  stream.resume();
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  return promise;
}

function replyOf(headers: IncomingHttpHeaders, why: string): Reply {
  const status = headers[":status"];
  const grpcStatus = headers["grpc-status"];
  const id = headers["idempotency-key"];
  const none = typeof status === "number" && status !== 200 ? -status : undefined;
  return {
    code: grpcStatus === undefined ? none : Number(grpcStatus),
    ...(typeof status === "number" && { status }),
    id: typeof id === "string" ? id : undefined,
    said: `${headers["grpc-message"] ?? why}`,
  };
}
