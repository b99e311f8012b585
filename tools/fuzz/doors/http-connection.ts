import { connect, type Socket } from "node:net";
import type { Reply } from "./reply.ts";

/** A connection that asks one thing after another. */
export interface HttpConnection extends Disposable {
  /** Sends a request as it stands and resolves with its reply; a connection that ends first is a reply without code. */
  ask(request: Uint8Array, isHead: boolean): Promise<Reply>;
}

const answerMs = 20_000;
const saidChars = 300;

interface Parsed extends Reply {
  readonly isLast: boolean;
}

/** Connects to a port of this machine, again whenever the other side closed. */
export function httpConnection(port: number): HttpConnection {
  let socket: Socket | undefined;
  return {
    ask: async (request, isHead) => {
      socket ??= connect({ port, host: "127.0.0.1", noDelay: true });
      const reply = await exchange(socket, request, isHead);
      // A server that refuses a body unread may close; the next request must not race with that.
      if (reply.isLast) {
        socket.destroy();
        socket = undefined;
      }
      return reply;
    },
    [Symbol.dispose]: () => socket?.destroy(),
  };
}

function exchange(socket: Socket, request: Uint8Array, isHead: boolean): Promise<Parsed> {
  const { promise, resolve } = Promise.withResolvers<Parsed>();
  let got: Buffer = Buffer.alloc(0);
  const none = (said: string) => settle({ code: undefined, id: undefined, said, isLast: true });
  const onData = (data: Buffer) => {
    got = got.length === 0 ? data : Buffer.concat([got, data]);
    const reply = parsed(got, isHead);
    if (reply !== undefined) settle(reply);
  };
  const onEnd = () => none("the connection was closed");
  const onError = (error: Error) => none(error.message);
  const timer = setTimeout(() => none(`no reply within ${answerMs} ms`), answerMs);
  const settle = (reply: Parsed) => {
    clearTimeout(timer);
    socket.off("data", onData).off("close", onEnd).off("error", onError);
    if (reply.isLast) socket.on("error", () => {});
    resolve(reply);
  };
  socket.on("data", onData).on("close", onEnd).on("error", onError);
  socket.write(request);
  return promise;
}

/** The first reply in the bytes, once it is whole. */
function parsed(bytes: Buffer, isHead: boolean): Parsed | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = bytes.toString("latin1", 0, end);
  const code = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
  const length = isHead || code === 204 ? 0 : Number(headerIn(head, "content-length") ?? 0);
  if (bytes.length < end + 4 + length) return undefined;
  const said = bytes.toString("utf8", end + 4, Math.min(bytes.length, end + 4 + saidChars));
  const isLast = code >= 400 && code !== 404 && code !== 405 && code !== 422;
  return {
    code,
    id: headerIn(head, "idempotency-key"),
    said,
    isLast: isLast || headerIn(head, "connection")?.toLowerCase() === "close",
  };
}

function headerIn(head: string, name: string): string | undefined {
  return new RegExp(`\\r\\n${name}: *([^\\r]*)`, "i").exec(head)?.[1];
}
