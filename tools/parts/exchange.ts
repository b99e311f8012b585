import { connect } from "node:net";

/** One request to a loopback port, and what must come back for it to count as answered. */
export interface Exchange<T> {
  readonly port: number;
  readonly request: Buffer;
  /** Reads all that was received so far; `undefined` asks for more. */
  readonly read: (received: Buffer) => T | undefined;
  /** @default 1000 */
  readonly timeoutMs?: number;
}

const receivedBytesMax = 1_048_576;

/** Sends one request over a fresh connection and returns its answer; rejects when none comes in time. */
export function exchange<T>({ port, request, read, timeoutMs = 1_000 }: Exchange<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port });
    const fail = (why: string) =>
      socket.destroy(new Error(`Cannot reach port ${port}: ${why}: waited up to ${timeoutMs} ms`));
    const timer = setTimeout(() => fail("no answer"), timeoutMs);
    let received: Buffer = Buffer.alloc(0);
    socket.on("connect", () => socket.write(request));
    socket.on("data", (data) => {
      received = Buffer.concat([received, data]);
      const answer = read(received);
      if (answer !== undefined) {
        resolve(answer);
        socket.destroy();
      } else if (received.length > receivedBytesMax) fail("the answer is too long");
    });
    socket.on("error", reject);
    socket.on("close", () => {
      clearTimeout(timer);
      reject(new Error(`Cannot reach port ${port}: the server closed the connection`));
    });
  });
}
