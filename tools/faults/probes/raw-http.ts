import { connect } from "node:net";

/** What came back to bytes that were sent as they are. */
export interface RawHttpReply {
  /** 0 where none came. */
  readonly status: number;
  readonly text: string;
  readonly tookMs: number;
}

const answerMs = 10_000;

/** Sends bytes over a connection of its own and resolves with the first reply; the connection is closed then. */
export async function rawHttp(
  port: number,
  parts: readonly (string | Uint8Array)[],
): Promise<RawHttpReply> {
  const startedMs = performance.now();
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect(port, "127.0.0.1");
  const timer = setTimeout(resolve, answerMs);
  let text = "";
  socket.on("data", (data) => {
    text += data.toString("latin1");
    if (text.includes("\r\n\r\n")) resolve();
  });
  socket.on("close", () => resolve());
  socket.on("error", () => resolve());
  for (const part of parts) socket.write(part);
  await promise;
  clearTimeout(timer);
  socket.destroy();
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
  return { status, text, tookMs: performance.now() - startedMs };
}

/** The head of a POST of JSON to `path`, with more header lines. */
export function postHead(path: string, ...lines: readonly string[]): string {
  const all = [`POST ${path} HTTP/1.1`, "host: 127.0.0.1", "content-type: application/json"];
  return `${[...all, ...lines].join("\r\n")}\r\n\r\n`;
}
