import { type Attack, bytes, garbled } from "./attack.ts";
import { chunk, lastChunk, post } from "./http1-request.ts";

const codings = [
  ...["xchunked", "chunked, identity", "identity, chunked", "gzip, chunked", "identity", ""],
  ...["chunked\r\ntransfer-encoding: x", "\u000bchunked", '"chunked"', "chunked;q=1", "CHUNKED"],
];

const lengths = [
  ...["+5", "-1", "0x10", "5abc", "1e3", "5, 5", "5,6", " ", "18446744073709551616", "99999999999"],
  ...["5\r\ncontent-length: 6", "5\r\ncontent-length: 5", "\u00b2", "05"],
];

const chunkSizes = [
  ...["xyz", "-1", "ffffffffffffffff1", "7fffffffffffffff", "0x5", " 5", "5 ", "", "5;", "+5"],
  ...[`5;${"e".repeat(20_000)}`, "5;a=\u0000", "80000000", "00000000000000005"],
];

/** Framings by which one request could be read as two (RFC 9112, section 11.2), and lengths that are none. */
export const http1Framing: readonly Attack[] = [
  {
    name: "length and chunked coding together",
    make: (random, target) => {
      const outer = post(random, target);
      const inner = post(random, target);
      // Read by its length it is one request; read as chunked, the event behind the last chunk is another one.
      const rest = Buffer.concat([lastChunk, inner.whole]);
      const lines = [`content-length: ${rest.length}`, "transfer-encoding: chunked"];
      const ordered = random.chance(0.5) ? lines : lines.toReversed();
      return { parts: [outer.framed(ordered, rest)], hidden: [inner.id] };
    },
  },
  {
    name: "length shorter than the chunks",
    make: (random, target) => {
      const outer = post(random, target);
      const inner = post(random, target);
      const rest = Buffer.concat([chunk(inner.whole), lastChunk]);
      const size = `${inner.whole.length.toString(16)}\r\n`.length;
      const lines = [`content-length: ${size}`, "transfer-encoding: chunked"];
      return { parts: [outer.framed(lines, rest)], hidden: [inner.id] };
    },
  },
  {
    name: "odd transfer codings",
    make: (random, target) => {
      const outer = post(random, target);
      const inner = post(random, target);
      const name = random.pick(["transfer-encoding", "Transfer-Encoding ", "transfer_encoding"]);
      const rest = Buffer.concat([chunk(outer.body), lastChunk]);
      const lines = [`${name}: ${random.pick(codings)}`, `content-length: ${rest.length}`];
      return { parts: [outer.framed(lines, Buffer.concat([rest, inner.whole]))] };
    },
  },
  {
    name: "odd lengths",
    make: (random, target) => {
      const { framed, body } = post(random, target);
      return { parts: [framed([`content-length: ${random.pick(lengths)}`], body)] };
    },
  },
  {
    name: "odd chunk sizes",
    make: (random, target) => {
      const { framed, body } = post(random, target);
      const odd = chunk(body.subarray(0, 5), random.pick(chunkSizes));
      const rest = Buffer.concat([odd, chunk(body.subarray(5)), lastChunk]);
      return { parts: [framed(["transfer-encoding: chunked"], rest)] };
    },
  },
  {
    name: "garbled chunks",
    make: (random, target) => {
      const { framed, body } = post(random, target);
      const rest = garbled(random, Buffer.concat([chunk(body), lastChunk]));
      return { parts: [framed(["transfer-encoding: chunked"], rest)] };
    },
  },
  {
    name: "trailers that look like headers",
    make: (random, target) => {
      const { framed, body } = post(random, target);
      const trailer = bytes("0\r\ncontent-length: 9\r\nidempotency-key: x y\r\n\r\n");
      const rest = Buffer.concat([chunk(body), trailer]);
      return { parts: [framed(["transfer-encoding: chunked"], rest)] };
    },
  },
  {
    name: "a body on what has none",
    make: (random, target) => {
      const inner = post(random, target);
      const head = `GET ${random.pick(target.readPaths)} HTTP/1.1\r\nhost: x\r\ncontent-length: ${inner.whole.length}\r\n\r\n`;
      return { parts: [bytes(head), inner.whole], hidden: [inner.id] };
    },
  },
  {
    name: "expectations and upgrades",
    make: (random, target) => {
      const { framed, body } = post(random, target);
      const line = random.pick([
        "expect: 100-continue",
        "expect: nothing",
        "connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__",
        "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: x",
        "connection: close, keep-alive, content-length",
        "te: chunked;q=9",
      ]);
      return { parts: [framed([`content-length: ${body.length}`, line], body)] };
    },
  },
];
