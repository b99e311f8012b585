import { whenOverdue } from "../overdue.ts";

/** The bytes of a body, or why there are none. */
export type Body =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "too-large" | "too-slow" | "cut-off" };

/** How much to read, and for how long. */
export interface ReadLimits {
  readonly bytesMax: number;
  readonly timeoutMs: number;
}

/** What is read: a request or a reply. */
export type Readable = Pick<Request, "headers" | "body" | "bytes">;

/**
 * Reads a body of at most `bytesMax` bytes. A larger declared length is answered at once, unread; a body without a
 * length is read only as far as the limit.
 */
export function readBody(source: Readable, limits: ReadLimits): Promise<Body> {
  const declared = source.headers.get("content-length");
  if (declared !== null && Number(declared) > limits.bytesMax) {
    return Promise.resolve({ kind: "too-large" });
  }
  const reading = declared === null ? readStream(source.body, limits.bytesMax) : source.bytes();
  // One promise, no race and no timer of its own: every request passes here.
  return new Promise((resolve) => {
    const settled = whenOverdue(limits.timeoutMs, () => resolve({ kind: "too-slow" }));
    const settle = (body: Body) => {
      settled();
      resolve(body);
    };
    reading.then(
      (bytes) => settle(bytes === undefined ? { kind: "too-large" } : { kind: "bytes", bytes }),
      () => settle({ kind: "cut-off" }),
    );
  });
}

/** The whole stream, or undefined where it is larger. */
async function readStream(
  stream: ReadableStream<Uint8Array> | null,
  bytesMax: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream ?? []) {
    length += chunk.byteLength;
    // Leaving the loop cancels the stream: what still comes is dropped by the server.
    if (length > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
