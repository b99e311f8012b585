import { deflateSync } from "node:zlib";
import fc from "fast-check";
import type { FieldForm } from "../model/field-form.ts";
import { type WireVerdict, wireVerdict } from "../model/wire.ts";
import { type CredentialKind, credentials } from "./credentials.ts";
import { type KeyKind, keyKinds } from "./http-request.ts";
import { wireBodies } from "./wire-body.ts";

/** A unary call, but for the key's text. */
export interface GrpcRequest {
  readonly what: string;
  readonly key: KeyKind;
  /** How it shows a client's key, where doors ask for one. */
  readonly credential: CredentialKind;
  readonly type: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly isHurried: boolean;
  /** What is sent: length-prefixed messages, or what looks like them. */
  readonly chunks: readonly Uint8Array[];
  readonly verdict: WireVerdict;
  /** How large the message is, or says that it is, uncompressed and in bytes. */
  readonly messageBytes: number;
  readonly again: "nothing" | "same" | "other";
  readonly nonce: number;
}

const usualType = "application/grpc";
/** What speaks no gRPC to us; its JSON form neither, whose values are looser than ours. */
export const otherTypes = [
  ...["application/json", "application/grpc-web", "application/grpc+json", "text/plain", ""],
  ...["application/proto", "application/connect+proto", "application/grpc;x"],
];

const headerLines: readonly (readonly [string, string])[] = [
  ["grpc-timeout", "10S"],
  ["grpc-timeout", "99999999H"],
  ["grpc-timeout", "5000m"],
  ["prefer", "policy=kafka"],
  ["prefer", 'policy="'],
  ["x-event-forwarded", "1"],
  ["grpc-accept-encoding", "gzip,identity,zstd,\u00e9"],
  ["x-bin", "!!!not base64"],
  ["grpc-trace-bin", "////"],
  ["user-agent", "u".repeat(3_000)],
  ["grpc-status", "13"],
  ["x-latin", "\u00e9\u00ff"],
  ["authorization", "Bearer \u00ff"],
];

const badTimeouts = ["", "1", "1X", "-1S", "123456789S", "1.5S", "S", "1s", "0x1S", "NaN"];

/** By how much a length prefix lies. */
const lieBytes = 7;

type Framing = "whole" | "gzip" | "bad gzip" | "flag" | "split" | "twice" | "cut" | "lie" | "none";
const framings: readonly Framing[] = [
  ...(["gzip", "bad gzip", "flag", "split", "twice", "cut", "lie", "none"] as const),
];

/** Makes the calls of a method whose message has these fields. */
export function grpcRequests(forms: readonly FieldForm[]): fc.Arbitrary<GrpcRequest> {
  const mostly = <T>(weight: number, common: T, ...others: readonly fc.Arbitrary<T>[]) =>
    fc.oneof(
      { weight, arbitrary: fc.constant(common) },
      ...others.map((arbitrary) => ({ weight: 1, arbitrary })),
    );
  return fc
    .record({
      body: wireBodies(forms),
      key: mostly<KeyKind>(9, "own", fc.constantFrom(...keyKinds), fc.constantFrom("none", "text")),
      type: mostly(
        40,
        usualType,
        fc.constant("application/grpc+proto"),
        fc.constantFrom(...otherTypes),
      ),
      headers: mostly<GrpcRequest["headers"]>(
        6,
        [],
        fc.uniqueArray(fc.constantFrom(...headerLines), {
          maxLength: 3,
          selector: ([name]) => name,
        }),
      ),
      timeout: mostly<string | undefined>(40, undefined, fc.constantFrom(...badTimeouts)),
      credential: credentials,
      isHurried: mostly(80, false, fc.constant(true)),
      framing: mostly<Framing>(8, "whole", fc.constantFrom(...framings)),
      again: mostly<GrpcRequest["again"]>(20, "nothing", fc.constantFrom("same", "other")),
      nonce: fc.nat({ max: 2 ** 31 - 1 }),
    })
    .map(({ body, framing, timeout, headers, ...request }) => {
      const framed = frame(framing, body.bytes, wireVerdict(forms, body.bytes));
      const lines = timeout === undefined ? framed.headers : [["grpc-timeout", timeout] as const];
      const isTimed = timeout !== undefined;
      return {
        ...request,
        what: framing === "whole" ? body.what : `${framing}, ${body.what}`,
        headers: [...headers.filter(([name]) => !(isTimed && name === "grpc-timeout")), ...lines],
        chunks: framed.chunks,
        // gRPC knows no such time: nothing of the call is looked at.
        verdict: isTimed ? "refused" : framed.verdict,
        messageBytes: body.bytes.length + (framing === "lie" ? lieBytes : 0),
      };
    });
}

interface Framed {
  readonly chunks: readonly Uint8Array[];
  readonly headers: GrpcRequest["headers"];
  readonly verdict: WireVerdict;
}

const gzip = [["grpc-encoding", "gzip"]] as const;

function frame(framing: Framing, message: Uint8Array, verdict: WireVerdict): Framed {
  const whole = prefixed(message);
  const refused = (
    chunks: readonly Uint8Array[],
    headers: GrpcRequest["headers"] = [],
  ): Framed => ({
    chunks,
    headers,
    verdict: "refused",
  });
  switch (framing) {
    case "whole":
      return { chunks: [whole], headers: [], verdict };
    case "gzip":
      return { chunks: [prefixed(Bun.gzipSync(Buffer.from(message)), 1)], headers: gzip, verdict };
    case "split":
      return { chunks: [whole.subarray(0, 3), whole.subarray(3)], headers: [], verdict };
    case "bad gzip":
      return refused([prefixed(deflateSync(message), 1)], gzip);
    case "flag":
      return refused([prefixed(message, 1)]);
    case "twice":
      return refused([whole, whole]);
    case "cut":
      return refused([whole.subarray(0, whole.length - 1)]);
    case "lie":
      return refused([prefixed(message, 0, message.length + lieBytes)]);
    case "none":
      return refused([]);
  }
}

/** A length-prefixed message of gRPC. */
export function prefixed(bytes: Uint8Array, flag = 0, length = bytes.length): Uint8Array {
  const head = Buffer.alloc(5);
  head.writeUInt8(flag, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, bytes]);
}
