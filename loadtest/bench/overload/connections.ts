import { connect, type Socket } from "node:net";
import type { Target } from "./target.ts";

/** A kind of clients that hold connections. */
export interface Kind {
  readonly name: "idle HTTP" | "idle gRPC" | "slow headers" | "slow bodies";
  readonly count: number;
  readonly door: "http" | "grpc";
  /** What is sent at once. */
  readonly start: string | Uint8Array;
  /** Whether a byte follows every second. */
  readonly drips: boolean;
}

const head = "POST /clima HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
/** HTTP/2's preface and empty settings (RFC 9113, section 3.4). */
const http2 = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0),
]);

/** What is measured, one after the other. */
export const kinds: readonly Kind[] = [
  {
    name: "idle HTTP",
    count: 5_000,
    door: "http",
    // Kept alive after a request: what never sends one is cut off within twelve seconds.
    start: "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n",
    drips: false,
  },
  { name: "idle gRPC", count: 5_000, door: "grpc", start: http2, drips: false },
  { name: "slow headers", count: 500, door: "http", start: `${head}x-slow: `, drips: true },
  {
    name: "slow bodies",
    count: 500,
    door: "http",
    start: `${head}content-length: 1000\r\n\r\n`,
    drips: true,
  },
];

/** How many connections are made at a time: more than a server's backlog holds would wait. */
const atOnce = 100;
const dripMs = 1_000;
const reopenMs = 1_000;

/** Connections that are kept up. */
export interface Connections {
  /** Ends all of them, and tells how many the server had ended. */
  end(): number;
}

/** Opens all connections of a kind; one that the server ends is opened anew after a second. */
export async function openConnections(kind: Kind, target: Target): Promise<Connections> {
  const [grpcHost, grpcPort] = target.grpc.split(":");
  const at =
    kind.door === "http"
      ? { host: target.door.hostname, port: Number(target.door.port) }
      : { host: grpcHost ?? "", port: Number(grpcPort) };
  const sockets = new Set<Socket>();
  let cutOff = 0;
  let ended = false;

  function open(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const socket = connect(at);
    sockets.add(socket);
    socket.once("connect", () => {
      if (kind.start.length > 0) socket.write(kind.start);
      resolve();
    });
    // An answer is what a slow client gets before it is cut off: it has lost.
    socket.on("data", () => {
      if (kind.drips) socket.end();
    });
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      resolve();
      sockets.delete(socket);
      if (ended) return;
      cutOff += 1;
      setTimeout(() => {
        if (!ended) void open();
      }, reopenMs);
    });
    return promise;
  }

  for (let made = 0; made < kind.count; made += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, kind.count - made) }, open));
  }
  const timer = setInterval(() => {
    if (kind.drips) for (const socket of sockets) socket.write("y");
  }, dripMs);
  return {
    end: () => {
      ended = true;
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      return cutOff;
    },
  };
}
