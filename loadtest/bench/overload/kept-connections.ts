import type { Socket } from "bun";
import type { LoopRequest } from "../open-loop.ts";

/** Connections that are kept, as those of a proxy in front of a door: fetch keeps 64, and opens one for each request beyond. */
export interface KeptConnections extends Disposable {
  /** Posts JSON and resolves with the status; 0 where no answer came. */
  post(request: LoopRequest): Promise<number>;
}

/** One connection; a request that it carries has `settle`. */
interface Connection {
  readonly socket: Socket<Connection>;
  got: string;
  settle: ((status: number) => void) | undefined;
  timer: Timer | undefined;
}

const replyMs = 10_000;

/** Opens `count` connections to a server; requests beyond that wait for a free one, in order. */
export async function keepConnections(url: URL, count: number): Promise<KeptConnections> {
  const free: Connection[] = [];
  const all = new Set<Connection>();
  const waiting: ((connection: Connection) => void)[] = [];
  let ended = false;

  function release(connection: Connection): void {
    const next = waiting.shift();
    if (next === undefined) free.push(connection);
    else next(connection);
  }

  function finish(connection: Connection, status: number): void {
    clearTimeout(connection.timer);
    const { settle } = connection;
    connection.settle = undefined;
    connection.got = "";
    settle?.(status);
  }

  async function open(): Promise<void> {
    const { promise: opened, resolve } = Promise.withResolvers<Connection>();
    await Bun.connect<Connection>({
      hostname: url.hostname,
      port: Number(url.port),
      socket: {
        open: (socket) => {
          socket.data = { socket, got: "", settle: undefined, timer: undefined };
          all.add(socket.data);
          resolve(socket.data);
        },
        data: ({ data: connection }, bytes) => {
          connection.got += bytes.toString("latin1");
          const status = statusOf(connection.got);
          if (status === undefined || connection.settle === undefined) return;
          finish(connection, status);
          release(connection);
        },
        close: ({ data: connection }) => {
          all.delete(connection);
          const at = free.indexOf(connection);
          if (at >= 0) free.splice(at, 1);
          finish(connection, 0);
          if (!ended) void open().catch(() => {});
        },
      },
    });
    release(await opened);
  }

  for (let made = 0; made < count; made += 1) await open();
  return {
    post: async ({ url: at, body }) => {
      const connection =
        free.pop() ?? (await new Promise<Connection>((resolve) => waiting.push(resolve)));
      const head = `POST ${at.pathname} HTTP/1.1\r\nhost: ${at.host}\r\ncontent-type: application/json\r\n`;
      return new Promise((resolve) => {
        // It may have been closed since it was free.
        if (!all.has(connection)) return resolve(0);
        connection.settle = resolve;
        connection.timer = setTimeout(() => connection.socket.end(), replyMs);
        connection.socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      });
    },
    [Symbol.dispose]: () => {
      ended = true;
      for (const { socket } of all) socket.end();
    },
  };
}

/** The status of a reply that is there whole; our doors tell the length of each. */
function statusOf(reply: string): number | undefined {
  const end = reply.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const length = Number(/content-length: (\d+)/i.exec(reply.slice(0, end))?.[1] ?? 0);
  return reply.length < end + 4 + length ? undefined : Number(reply.slice(9, 12));
}
