import { Code, type ConnectRouter } from "@connectrpc/connect";

/** How the library's messages begin where a request's bytes cannot be read. */
const unreadable = /^(parse binary|decompression failed|received compressed envelope)/;

/**
 * Corrects what the library says of failures, for every method that was added before:
 *
 * - a request whose bytes are no message gets `INVALID_ARGUMENT`, for that is the client's fault, and not `INTERNAL`;
 * - messages are percent-encoded as gRPC over HTTP/2 has it ("Responses": all but `%` of 0x20 to 0x7E stands for itself).
 *   The library encodes punctuation too, which grpc-js and others show as it came.
 */
export function strictTrailers({ handlers }: ConnectRouter): void {
  for (const [index, handler] of handlers.entries()) {
    const corrected: typeof handler = Object.assign(
      async (...[request]: Parameters<typeof handler>) => {
        const response = await handler(request);
        if (response.trailer?.has("grpc-message")) correct(response.trailer);
        return response;
      },
      handler,
    );
    handlers[index] = corrected;
  }
}

function correct(trailer: Headers): void {
  const message = decodeURIComponent(trailer.get("grpc-message") ?? "");
  const internal = trailer.get("grpc-status") === `${Code.Internal}`;
  if (internal && unreadable.test(message)) trailer.set("grpc-status", `${Code.InvalidArgument}`);
  trailer.set("grpc-message", message.replaceAll(/[^\x20-\x24\x26-\x7e]+/g, encodeURIComponent));
}
