import { flags, frames, h2Field, h2Frame } from "../../../lib/rpc/testing/raw-connection.ts";
import type { Attack } from "./attack.ts";
import { callFields, headersOnly, preface, priority, setting, u32 } from "./h2.ts";

const perPart = 500;

/** So many frames, some hundreds at a time. */
function many(
  count: number,
  make: (index: number) => readonly Uint8Array[],
): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(count / perPart) }, (_, part) =>
    Buffer.concat(
      Array.from({ length: perPart }, (_each, index) => make(part * perPart + index)).flat(),
    ),
  );
}

const call = (index: number) =>
  h2Frame(
    frames.headers,
    flags.endHeaders,
    2 * index + 1,
    Buffer.concat([...callFields(Bun.randomUUIDv7())]),
  );

function flood(
  name: string,
  count: number,
  make: (index: number) => readonly Uint8Array[],
): Attack {
  return { name, size: "flood", make: () => ({ parts: [preface, ...many(count, make)] }) };
}

const depends = (index: number) =>
  h2Frame(
    priority,
    0,
    2 * (index % 100) + 1,
    Buffer.concat([u32(2 * ((index + 1) % 100) + 1), Uint8Array.of(9)]),
  );

/** Frames that cost their sender little, by the thousand. */
export const h2Floods: readonly Attack[] = [
  flood("a flood of calls reset at once", 3_000, (index) => [
    call(index),
    h2Frame(frames.reset, 0, 2 * index + 1, u32(8)),
  ]),
  flood("a flood of calls that never end", 3_000, (index) => [call(index)]),
  flood("a flood of settings", 1_000, () => [h2Frame(frames.settings, 0, 0, setting(3, 100))]),
  flood("a flood of pings", 20_000, () => [h2Frame(frames.ping, 0, 0, new Uint8Array(8))]),
  flood("a flood of priorities in a ring", 10_000, (index) => [depends(index)]),
  flood("a flood of windows", 10_000, () => [h2Frame(frames.windowUpdate, 0, 0, u32(1))]),
  flood("a flood of unknown frames", 10_000, () => [h2Frame(99, 255, 0, new Uint8Array(20))]),
  flood("a flood of resets of nothing", 2_000, (index) => [
    h2Frame(frames.reset, 0, 2 * index + 1, u32(8)),
  ]),
  {
    name: "a flood of empty data",
    size: "flood",
    make: () => ({
      parts: [preface, call(0), ...many(10_000, () => [h2Frame(frames.data, 0, 1)])],
    }),
  },
  {
    name: "a flood of continuations",
    size: "flood",
    make: (random) => {
      const first = h2Frame(
        frames.headers,
        flags.none,
        1,
        Buffer.concat([...callFields(Bun.randomUUIDv7())]),
      );
      const field = random.chance(0.5) ? h2Field("x", "y".repeat(100)) : new Uint8Array();
      return {
        parts: [preface, first, ...many(10_000, () => [h2Frame(frames.continuation, 0, 1, field)])],
      };
    },
  },
  {
    name: "a header that is told ten thousand times",
    size: "flood",
    make: () => {
      // Kept in the table once, then named by one byte a time (RFC 7541, sections 6.2.1 and 6.1).
      const kept = Buffer.from(h2Field("x-large", "z".repeat(3_000)));
      kept[0] = 0x40;
      const named = new Uint8Array(10_000).fill(0xbe);
      return { parts: [preface, headersOnly(1, [...callFields(Bun.randomUUIDv7()), kept, named])] };
    },
  },
  {
    name: "replies that nobody takes",
    size: "flood",
    make: () => ({
      parts: [
        Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        h2Frame(frames.settings, 0, 0, setting(4, 0)),
        ...many(500, (index) => [headersOnly(2 * index + 1, callFields(Bun.randomUUIDv7()))]),
      ],
    }),
  },
];
