import { flags, frames, h2Field, h2Frame } from "../../../lib/rpc/testing/raw-connection.ts";
import type { Random } from "../../../lib/store/testing/random.ts";
import { prefixed } from "../generate/grpc-request.ts";
import { type Attack, garbled, noise } from "./attack.ts";
import { goodWire, methodPath } from "./events.ts";
import { callFields, post, preface } from "./h2.ts";

const services = [
  methodPath,
  "/grpc.health.v1.Health/Check",
  "/grpc.health.v1.Health/Watch",
  "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
  "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

const paths = [
  ...[
    "",
    "*",
    "no-slash",
    "//",
    "/%",
    "/\u00e9",
    "http://x/y",
    "?",
    "/a b",
    `/${"a".repeat(10_000)}`,
    "//x:99999/",
  ],
  ...[
    `${methodPath}?x=1`,
    `${methodPath}/`,
    `/${methodPath}`,
    `${methodPath}#x`,
    "/__proto__",
    "/\u0000",
    "\\\\x\\y",
  ],
];

const authorities = [
  ...[
    "",
    "a b",
    "%%%",
    "[::1",
    "x:99999",
    "x:y",
    "user:pass@x",
    "\u00e9",
    "a\u0000b",
    "//",
    "#",
    "?",
    "<>",
    "^",
  ],
];

const fields: readonly (readonly [string, string])[] = [
  ["X-Upper", "y"],
  ["a b", "y"],
  ["", "y"],
  ["x\u0000", "y"],
  ["x\r\ny", "z"],
  ["x:y", "z"],
  ["x", "a\r\nb: c"],
  ["x", "a\u0000b"],
  ["x", "\u0001\u001f\u007f"],
  ["x", "\u00ff\u00fe"],
  ["x", " padded "],
  ["(),/", "y"],
  ["__proto__", "y"],
  ["constructor", "y"],
  ["connection", "close"],
  ["transfer-encoding", "chunked"],
  ["te", "gzip"],
  ["host", "%%%"],
  ["content-length", "99999"],
  ["content-length", "-1"],
  ["cookie", "a=b"],
  [":path", "/twice"],
  [":unknown", "x"],
  [":status", "200"],
  ["grpc-timeout", "99999999H"],
  ["grpc-timeout", "0n"],
  ["grpc-encoding", "\u00ff"],
  ["grpc-accept-encoding", ",,,"],
  ["grpc-message", "%zz%"],
  ["x-bin", "%%%"],
  ["idempotency-key", "a\nb"],
  ["prefer", '"'.repeat(2_000)],
];

/** HPACK that cannot be read (RFC 7541, sections 5 and 6). */
const blocks = [
  ...[
    "80",
    "ffffffffffff0f",
    "ff80808080808080808001",
    "3fe1ffffff03",
    "3fffffffffff7f",
    "40",
    "4001",
  ],
  ...[
    "00ff",
    "0001617fffffffff0f",
    "400182ffff0161",
    "0081ff0161",
    "00850000000000",
    "10",
    "c0ff",
    "20203f",
  ],
].map((hex) => Buffer.from(hex, "hex"));

function sent(random: Random, all: readonly Uint8Array[]): readonly Uint8Array[] {
  return [
    preface,
    h2Frame(frames.headers, flags.endHeaders, 1, Buffer.concat([...all])),
    h2Frame(frames.data, flags.endStream, 1, prefixed(random.pick(goodWire))),
  ];
}

/** A call whose path, authority or one more field is told. */
function call(path: string, authority: string | undefined): readonly Uint8Array[] {
  return [
    post,
    h2Field(":path", path),
    ...(authority === undefined ? [] : [h2Field(":authority", authority)]),
    h2Field("content-type", "application/grpc"),
    h2Field("te", "trailers"),
  ];
}

/** Header fields that HTTP/2 or gRPC forbids, or that programs stumble over. */
export const h2Headers: readonly Attack[] = [
  {
    name: "no authority",
    make: (random) => ({ parts: sent(random, call(random.pick(services), undefined)) }),
  },
  {
    name: "odd authorities",
    make: (random) => ({
      parts: sent(random, call(random.pick(services), random.pick(authorities))),
    }),
  },
  { name: "odd paths", make: (random) => ({ parts: sent(random, call(random.pick(paths), "x")) }) },
  {
    name: "fields left out",
    make: (random) => {
      const all = [
        Uint8Array.of(0x83),
        Uint8Array.of(0x86),
        ...callFields(Bun.randomUUIDv7()).slice(1),
      ];
      return {
        parts: sent(
          random,
          all.filter(() => random.chance(0.7)),
        ),
      };
    },
  },
  {
    name: "fields in another order, some twice",
    make: (random) => {
      const all = callFields(Bun.randomUUIDv7());
      return {
        parts: sent(
          random,
          Array.from({ length: 8 }, () => random.pick(all)),
        ),
      };
    },
  },
  {
    name: "odd fields",
    make: (random) => {
      const odd = Array.from({ length: 1 + random.below(3) }, () =>
        h2Field(...random.pick(fields)),
      );
      return { parts: sent(random, [...callFields(Bun.randomUUIDv7()), ...odd]) };
    },
  },
  {
    name: "other methods and schemes",
    make: (random) => {
      const method = random.pick([
        "GET",
        "",
        "PRI",
        "CONNECT",
        "post",
        "\u0000",
        "OPTIONS",
        "HEAD",
      ]);
      const scheme = random.pick(["http", "", "javascript", "http:", "\u00e9"]);
      const rest = callFields(Bun.randomUUIDv7()).slice(1);
      return {
        parts: sent(random, [h2Field(":method", method), h2Field(":scheme", scheme), ...rest]),
      };
    },
  },
  {
    name: "unreadable HPACK",
    make: (random) => ({
      parts: sent(random, [...callFields(Bun.randomUUIDv7()), random.pick(blocks)]),
    }),
  },
  {
    name: "noise for HPACK",
    make: (random) => ({ parts: sent(random, [noise(random, 1 + random.below(200))]) }),
  },
  {
    name: "garbled HPACK",
    make: (random) => ({
      parts: sent(random, [garbled(random, Buffer.concat([...callFields(Bun.randomUUIDv7())]))]),
    }),
  },
  {
    name: "health and reflection, with noise",
    make: (random) => {
      const message = prefixed(noise(random, random.below(60)));
      return {
        parts: [
          preface,
          h2Frame(
            frames.headers,
            flags.endHeaders,
            1,
            Buffer.concat([...call(random.pick(services), "x")]),
          ),
          ...Array.from({ length: 1 + random.below(5) }, () =>
            h2Frame(frames.data, flags.none, 1, message),
          ),
          h2Frame(frames.data, random.chance(0.8) ? flags.endStream : flags.none, 1, message),
        ],
      };
    },
  },
];
