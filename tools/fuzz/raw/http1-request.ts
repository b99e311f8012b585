import type { Random } from "../../../lib/store/testing/random.ts";
import type { RawTarget } from "./attack.ts";
import { goodJson } from "./events.ts";

/** A POST of an event as it goes over the wire; `lines` stand instead of its length, `rest` instead of its body. */
export interface Post {
  readonly id: string;
  readonly path: string;
  readonly body: Uint8Array;
  /** The whole request, right in every way. */
  readonly whole: Uint8Array;
  /** The same event with other framing. */
  framed(lines: readonly string[], rest: Uint8Array): Uint8Array;
}

/** A right request to one of the target's event routes, with an id of its own. */
export function post(random: Random, { eventPaths }: RawTarget): Post {
  const id = Bun.randomUUIDv7();
  const path = random.pick(eventPaths);
  const body = random.pick(goodJson);
  const framed = (lines: readonly string[], rest: Uint8Array) => {
    const head = [
      `POST ${path} HTTP/1.1`,
      "host: 127.0.0.1",
      "content-type: application/json",
      `idempotency-key: ${id}`,
      ...lines,
    ];
    return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), rest]);
  };
  return { id, path, body, framed, whole: framed([`content-length: ${body.length}`], body) };
}

/** A chunk as chunked coding has it. */
export function chunk(data: Uint8Array, size = data.length.toString(16)): Uint8Array {
  return Buffer.concat([Buffer.from(`${size}\r\n`, "latin1"), data, Buffer.from("\r\n")]);
}

/** The chunk that ends a body. */
export const lastChunk = Buffer.from("0\r\n\r\n");
