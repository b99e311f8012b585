import { flags, frames, h2Frame } from "../../../lib/rpc/testing/raw-connection.ts";
import type { Random } from "../../../lib/store/testing/random.ts";
import { type Attack, bytes, garbled, noise } from "./attack.ts";
import { callFields, callFrames, preface, priority, pushPromise, setting, u32 } from "./h2.ts";

const types = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 255];
const streams = [0, 1, 2, 3, 5, 2 ** 31 - 1, 2 ** 32 - 1];

function anyFrame(random: Random): Uint8Array {
  const payload = noise(random, random.pick([0, 1, 4, 5, 6, 8, random.below(100)]));
  const frame = h2Frame(random.pick(types), random.below(256), random.pick(streams), payload);
  if (random.chance(0.2)) frame[2] = random.below(256);
  return frame;
}

const id = () => Bun.randomUUIDv7();
const headersOf = (stream: number, flag: number = flags.endHeaders) =>
  h2Frame(frames.headers, flag, stream, Buffer.concat([...callFields(id())]));

/** A frame's head that declares more than follows. */
function declared(length: number, type: number, stream: number): Uint8Array {
  const frame = h2Frame(type, flags.none, stream);
  Buffer.from(frame.buffer, frame.byteOffset).writeUIntBE(length, 0, 3);
  return frame;
}

/** Sequences of frames that the RFC forbids, each by itself. */
const forbidden: readonly (readonly [string, () => readonly Uint8Array[]])[] = [
  ["data before headers", () => [h2Frame(frames.data, flags.none, 1, noiseless(10))]],
  ["headers on stream 0", () => [headersOf(0)]],
  ["an even stream", () => [headersOf(2)]],
  ["a stream below the last", () => [headersOf(7), headersOf(5)]],
  ["the last stream, then one more", () => [headersOf(2 ** 31 - 1), headersOf(1)]],
  ["headers twice", () => [headersOf(1), headersOf(1)]],
  [
    "data after the end",
    () => [headersOf(1, 5), h2Frame(frames.data, flags.none, 1, noiseless(5))],
  ],
  ["a continuation of nothing", () => [h2Frame(frames.continuation, flags.endHeaders, 1)]],
  ["a ping between headers", () => [headersOf(1, 0), h2Frame(frames.ping, 0, 0, noiseless(8))]],
  ["a push", () => [h2Frame(pushPromise, flags.endHeaders, 1, u32(2))]],
  ["padding longer than the frame", () => [h2Frame(frames.data, 8, 1, Uint8Array.of(255))]],
  ["padded headers of padding", () => [h2Frame(frames.headers, 12, 1, Uint8Array.of(255, 0))]],
  ["a window of 0", () => [headersOf(1), h2Frame(frames.windowUpdate, 0, 1, u32(0))]],
  ["a window of 0 for all", () => [h2Frame(frames.windowUpdate, 0, 0, u32(0))]],
  [
    "a window that overflows",
    () => Array(2).fill(h2Frame(frames.windowUpdate, 0, 0, u32(2 ** 31 - 1))),
  ],
  ["a short window", () => [h2Frame(frames.windowUpdate, 0, 0, noiseless(3))]],
  ["a reset of nothing", () => [h2Frame(frames.reset, 0, 9, u32(8))]],
  ["a short reset", () => [headersOf(1), h2Frame(frames.reset, 0, 1, noiseless(3))]],
  ["a short ping", () => [h2Frame(frames.ping, 0, 0, noiseless(7))]],
  ["a ping on a stream", () => [h2Frame(frames.ping, 0, 1, noiseless(8))]],
  ["settings of 5 bytes", () => [h2Frame(frames.settings, 0, 0, noiseless(5))]],
  ["settings on a stream", () => [h2Frame(frames.settings, 0, 1)]],
  ["an acknowledgement that says more", () => [h2Frame(frames.settings, 1, 0, noiseless(6))]],
  ["an initial window too large", () => [h2Frame(frames.settings, 0, 0, setting(4, 2 ** 31))]],
  ["frames too small", () => [h2Frame(frames.settings, 0, 0, setting(5, 1))]],
  ["frames too large", () => [h2Frame(frames.settings, 0, 0, setting(5, 2 ** 24))]],
  ["push that is no flag", () => [h2Frame(frames.settings, 0, 0, setting(2, 2))]],
  [
    "a table of 4 GiB",
    () => [h2Frame(frames.settings, 0, 0, setting(1, 2 ** 32 - 1)), headersOf(1)],
  ],
  [
    "a stream that depends on itself",
    () => [h2Frame(priority, 0, 1, Buffer.concat([u32(1), noiseless(1)]))],
  ],
  ["a short priority", () => [h2Frame(priority, 0, 1, noiseless(4))]],
  ["an end before a call", () => [h2Frame(frames.goAway, 0, 0, noiseless(8)), headersOf(1)]],
  ["a short end", () => [h2Frame(frames.goAway, 0, 0, noiseless(3))]],
  ["a frame of 16 MiB", () => [declared(2 ** 24 - 1, frames.data, 1)]],
  ["headers of 16 MiB", () => [declared(2 ** 24 - 1, frames.headers, 1)]],
  ["a frame over 16 KiB", () => [headersOf(1), h2Frame(frames.data, 0, 1, noiseless(20_000))]],
  ["trailers that do not end", () => [headersOf(1), headersOf(1, flags.endHeaders)]],
];

function noiseless(count: number): Uint8Array {
  return new Uint8Array(count);
}

/** Bytes that are no HTTP/2, frames that are none, and frames where they must not be. */
export const h2Frames: readonly Attack[] = [
  { name: "noise", make: (random) => ({ parts: [noise(random, random.below(2_000))] }) },
  {
    name: "noise behind the preface",
    make: (random) => ({ parts: [preface, noise(random, random.below(2_000))] }),
  },
  {
    name: "HTTP/1.1, and half a preface",
    make: (random) => ({
      parts: [
        random.pick([
          bytes("GET / HTTP/1.1\r\nhost: x\r\n\r\n"),
          preface.subarray(0, random.below(24)),
          bytes("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"),
        ]),
      ],
      ends: random.chance(0.5),
    }),
  },
  {
    name: "random frames",
    make: (random) => ({
      parts: [preface, ...Array.from({ length: 1 + random.below(30) }, () => anyFrame(random))],
    }),
  },
  {
    name: "a call among random frames",
    make: (random) => {
      const call = callFrames(random, 1, id());
      return { parts: [preface, call[0] ?? anyFrame(random), anyFrame(random), ...call.slice(1)] };
    },
  },
  {
    name: "garbled calls",
    make: (random) => {
      const calls = [1, 3, 5].flatMap((stream) => callFrames(random, stream, id()));
      return { parts: [preface, garbled(random, Buffer.concat(calls))] };
    },
  },
  {
    name: "a right call, piece by piece",
    make: (random) => {
      const whole = Buffer.concat([preface, ...callFrames(random, 1, id())]);
      const at = [random.below(whole.length), random.below(whole.length)].sort((a, b) => a - b);
      return {
        parts: [whole.subarray(0, at[0]), whole.subarray(at[0], at[1]), whole.subarray(at[1])],
      };
    },
  },
  ...forbidden.map(
    ([name, make]): Attack => ({
      name,
      make: (random) => ({ parts: [preface, ...make(), ...callFrames(random, 101, id())] }),
    }),
  ),
];
