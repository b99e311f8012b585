import { flags, frames, h2Field, h2Frame } from "../../../lib/rpc/testing/raw-connection.ts";
import type { Random } from "../../../lib/store/testing/random.ts";
import { prefixed } from "../generate/grpc-request.ts";
import { goodWire, methodPath } from "./events.ts";

/** What a client says first (RFC 9113, section 3.4), its empty settings included. */
export const preface = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  h2Frame(frames.settings, flags.none, 0),
]);

/** `:method: POST` and `:scheme: http`, from HPACK's table. */
export const post = Uint8Array.of(0x83, 0x86);

/** Further types of frames. */
export const priority = 2;
export const pushPromise = 5;

/** Header fields of a call, to be had one by one. */
export function callFields(id: string): readonly Uint8Array[] {
  return [
    post,
    h2Field(":path", methodPath),
    h2Field(":authority", "localhost"),
    h2Field("content-type", "application/grpc"),
    h2Field("te", "trailers"),
    h2Field("idempotency-key", id),
  ];
}

/** A whole call on a stream. */
export function callFrames(random: Random, stream: number, id: string): readonly Uint8Array[] {
  return [
    h2Frame(frames.headers, flags.endHeaders, stream, Buffer.concat([...callFields(id)])),
    h2Frame(frames.data, flags.endStream, stream, prefixed(random.pick(goodWire))),
  ];
}

/** Headers on a stream that end it too. */
export function headersOnly(stream: number, fields: readonly Uint8Array[]): Uint8Array {
  return h2Frame(
    frames.headers,
    flags.endHeaders | flags.endStream,
    stream,
    Buffer.concat([...fields]),
  );
}

/** A 32-bit number. */
export function u32(value: number): Uint8Array {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(value >>> 0);
  return four;
}

/** One setting. */
export function setting(id: number, value: number): Uint8Array {
  return Buffer.concat([Uint8Array.of(0, id), u32(value)]);
}
