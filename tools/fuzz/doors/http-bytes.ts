import { type CredentialKind, credentialLines } from "../generate/credentials.ts";
import type { HttpRequest } from "../generate/http-request.ts";
import type { Door } from "./find-doors.ts";

/** A request as it goes over the wire; headers are Latin-1, as HTTP has them. */
export function httpBytes(door: Door, request: HttpRequest, key: string | undefined): Uint8Array {
  const { method, tail, type, isHurried, framing, body } = request;
  const isChunked = framing === "chunked";
  const lines = [
    `${method} ${door.path}${tail} HTTP/1.1`,
    "host: 127.0.0.1",
    ...(type.text === undefined ? [] : [`content-type: ${type.text}`]),
    ...(key === undefined ? [] : [`idempotency-key: ${key}`]),
    ...shownBy(door, request).map(([name, value]) => `${name}: ${value}`),
    ...(isHurried ? ["connect-timeout-ms: 1"] : []),
    isChunked ? "transfer-encoding: chunked" : `content-length: ${body.length}`,
  ];
  const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  return Buffer.concat([head, ...(isChunked ? chunked(body, request.nonce) : [body])]);
}

/** A request's further headers; where the door asks for a client's key, with that and no other. */
export function shownBy(
  { clientKey }: Pick<Door, "clientKey">,
  {
    headers,
    credential,
  }: { readonly headers: HttpRequest["headers"]; readonly credential: CredentialKind },
): HttpRequest["headers"] {
  if (clientKey === undefined) return headers;
  const others = headers.filter(([name]) => name !== "authorization" && name !== "x-api-key");
  return [...others, ...credentialLines(credential, clientKey)];
}

const chunksMax = 20;

/** The body in pieces, some of them of one byte. */
function chunked(body: Uint8Array, nonce: number): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const isRest = parts.length >= chunksMax;
    const size = isRest ? body.length - at : 1 + ((nonce >> parts.length) % 64);
    const part = body.subarray(at, at + size);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n"));
    at += size;
  }
  return [...parts, Buffer.from("0\r\n\r\n")];
}
