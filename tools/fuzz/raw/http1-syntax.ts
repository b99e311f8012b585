import type { Random } from "../../../lib/store/testing/random.ts";
import { type Attack, bytes, garbled, noise } from "./attack.ts";
import { post } from "./http1-request.ts";

const lines = [
  ...[" folded: value", "x: a\r\n folded", "no colon", ": no name", "name : value", "a b: c"],
  ...["x\u0000: y", "x: y\u0000z", "x: a\rb", "x: a\nb", "\u00e9: y", "x: \u00ff", "(): y"],
  ...[`x: ${"y".repeat(100_000)}`, `${"x".repeat(70_000)}: y`, "content-type: \u0001", "x:"],
];

const targets = [
  ...[
    "*",
    "/",
    "//",
    "/..",
    "/../../etc/passwd",
    "/./clima",
    "http://127.0.0.1/clima",
    "127.0.0.1:80",
  ],
  ...[
    "http://x:99999/clima",
    "http://[::1/clima",
    "/%",
    "/%zz",
    "/%00",
    "/api/%E0%A4%A/state",
    "?",
  ],
  ...[
    "/api/%/ledger",
    "/api/clima-app/dead-letters?limit=%",
    "/api/logs?limit=",
    "/api/logs?limit=5&limit=x",
  ],
  ...[
    "/\u00e9",
    "/api/__proto__/state",
    "/api/constructor/ledger",
    "/api//state",
    "/assets/..%2f..%2fpackage.json",
  ],
  ...[
    "/assets/%2e%2e/%2e%2e/package.json",
    "/assets/",
    "/openapi/json?x=[]",
    "/api/clima-app/stream?%ff",
  ],
  ...[
    "/board/../metrics",
    "/clima#x",
    "/clima;a=b",
    "\\clima",
    "/clima\\",
    "/a b",
    `/${"a".repeat(60_000)}`,
  ],
];

const methods = [
  ...["GET", "POST", "PUT", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PATCH", "QUERY", "get", "PoSt"],
  ...["X", "M-SEARCH", "GET\u0000", "", " GET", "é", "A".repeat(2_000), "__proto__", "constructor"],
];

const versions = [
  "HTTP/1.1",
  "HTTP/1.1",
  "HTTP/1.0",
  "HTTP/1.2",
  "HTTP/2.0",
  "HTTP/0.9",
  "http/1.1",
  "",
  "X",
];

const hosts = [
  ...[
    "",
    "a b",
    "%",
    "%00",
    "[::1",
    "x:99999",
    "x:y",
    "é",
    "//",
    "user:pass@x",
    "a\u0000b",
    "?",
    "#",
  ],
  ...["127.0.0.1, 127.0.0.1", "x".repeat(5_000), "\\", "[", "<script>", "..", "a/b?c#d", "%zz.com"],
];

function request(random: Random, path: string): string {
  return `${random.pick(methods)} ${path} ${random.pick(versions)}`;
}

/** Requests that are no HTTP, or nearly. */
export const http1Syntax: readonly Attack[] = [
  { name: "noise", make: (random) => ({ parts: [noise(random, random.below(2_000))] }) },
  {
    name: "garbled requests",
    make: (random, target) => ({ parts: [garbled(random, post(random, target).whole)] }),
  },
  {
    name: "odd header lines",
    make: (random, target) => {
      const { framed, body } = post(random, target);
      return { parts: [framed([random.pick(lines), `content-length: ${body.length}`], body)] };
    },
  },
  {
    name: "many headers",
    make: (random, target) => {
      const { framed, body } = post(random, target);
      const many = Array.from({ length: 1 + random.below(2_000) }, (_, index) => `x-${index}: y`);
      return { parts: [framed([...many, `content-length: ${body.length}`], body)] };
    },
  },
  {
    name: "odd request lines",
    make: (random, { readPaths }) => {
      const path = random.chance(0.5) ? random.pick(targets) : random.pick(readPaths);
      return { parts: [bytes(`${request(random, path)}\r\nhost: 127.0.0.1\r\n\r\n`)] };
    },
  },
  {
    name: "odd hosts",
    make: (random, { readPaths, eventPaths }) => {
      const path = random.pick([...readPaths, ...eventPaths]);
      const count = random.below(3);
      const some = Array.from({ length: count }, () => `host: ${random.pick(hosts)}\r\n`);
      const method = eventPaths.includes(path) ? "POST" : "GET";
      return { parts: [bytes(`${method} ${path} HTTP/1.1\r\n${some.join("")}\r\n`)] };
    },
  },
  {
    name: "pipelined",
    make: (random, target) => {
      const all = Array.from({ length: 1 + random.below(50) }, () => post(random, target).whole);
      // Bun ends a connection on which a request comes before the one before it was answered.
      return { parts: [Buffer.concat(all)] };
    },
  },
  {
    name: "pipelined, one of them broken",
    make: (random, target) => {
      const all = Array.from({ length: 10 }, () => post(random, target).whole);
      const broken = garbled(random, post(random, target).whole);
      return { parts: [Buffer.concat([...all.slice(0, 5), broken, ...all.slice(5)])] };
    },
  },
  {
    name: "cut off",
    make: (random, target) => {
      const { whole } = post(random, target);
      return { parts: [whole.subarray(0, random.below(whole.length))], ends: random.chance(0.7) };
    },
  },
  {
    name: "drop by drop",
    make: (random, target) => {
      const { whole } = post(random, target);
      const parts: Uint8Array[] = [];
      for (let at = 0; at < whole.length; at += 1 + random.below(40))
        parts.push(whole.subarray(at));
      // Each part ends where the next one begins.
      const cut = parts.map((part, index) =>
        part.subarray(0, part.length - (parts[index + 1]?.length ?? 0)),
      );
      return { parts: cut, successes: 1 };
    },
  },
  {
    name: "another protocol",
    make: (random) => ({
      parts: [
        random.pick([
          Buffer.from("16030100c8010000c40303", "hex"),
          bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
          bytes("SSH-2.0-x\r\n"),
          bytes("*1\r\n$4\r\nPING\r\n"),
          Buffer.from("AMQP\u0000\u0000\u0009\u0001"),
          bytes("PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n"),
          bytes("\r\n\r\n\r\n"),
          bytes("\n"),
        ]),
      ],
    }),
  },
];
