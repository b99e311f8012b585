import { connect } from "node:http2";

/** What came back on a stream. */
export interface RawReply {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly trailers: Readonly<Record<string, unknown>>;
}

/** What is sent on a stream of its own connection. */
export interface RawCall {
  readonly path: string;
  readonly chunks?: readonly Uint8Array[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Leaves the request unfinished. */
  readonly open?: boolean;
}

/** A gRPC frame; `length` and `flag` may lie. */
export function frame(bytes: Uint8Array, { length = bytes.length, flag = 0 } = {}): Uint8Array {
  const header = Buffer.alloc(5);
  header.writeUInt8(flag, 0);
  header.writeUInt32BE(length, 1);
  return Buffer.concat([header, bytes]);
}

/** Sends bytes as they are, as no gRPC library would, and resolves with what came back when the stream ends. */
export async function rawCall(
  port: number,
  { path, chunks = [], headers = {}, open = false }: RawCall,
): Promise<RawReply> {
  const session = connect(`http://127.0.0.1:${port}`);
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  });
  const { promise, resolve, reject } = Promise.withResolvers<RawReply>();
  let head: RawReply["headers"] = {};
  let trailers: RawReply["trailers"] = {};
  stream.on("response", (given) => {
    head = { ...given };
  });
  stream.on("trailers", (given) => {
    trailers = { ...given };
  });
  stream.on("error", reject);
  stream.on("end", () => resolve({ headers: head, trailers }));
  stream.resume();
  for (const chunk of chunks) stream.write(chunk);
  if (!open) stream.end();
  return promise.finally(() => session.destroy());
}
