import type { Http2ServerResponse } from "node:http2";
import type { Code } from "@connectrpc/connect";

/**
 * Answers with a status alone. It counts only in a frame that ends the stream, which `writeHead` does not send. A stream that
 * its client has reset already gets nothing.
 */
export function endWith(
  { stream }: Http2ServerResponse,
  code: Code,
  message: string,
  metadata: Readonly<Record<string, string>> = {},
): void {
  if (stream.closed || stream.destroyed) return;
  const headers = {
    ...metadata,
    "content-type": "application/grpc",
    "grpc-status": `${code}`,
    "grpc-message": message,
  };
  stream.respond(headers, { endStream: true });
}
