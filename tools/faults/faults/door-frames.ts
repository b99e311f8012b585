import { frame, rawCall } from "../../../lib/rpc/testing/raw-call.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { probe } from "../probes/probe.ts";
import { goodTweet, sendTweetPath, tweetBytes } from "../probes/tweet.ts";
import { plain } from "../rigs.ts";

const [invalid, exhausted, unimplemented, internal] = [3, 8, 12, 13];

/** Frames that no library would send, and the codes that are right. */
const frames: readonly (readonly [what: string, bytes: Uint8Array, codes: readonly number[]])[] = [
  ["no protobuf", frame(Buffer.from("not a message at all")), [invalid]],
  ["a tag without its value", frame(Buffer.of(0x08)), [invalid]],
  ["a truncated length prefix", Buffer.of(0, 0, 0), [invalid, internal]],
  ["a frame that ends early", frame(tweetBytes(goodTweet), { length: 5_000 }), [invalid, internal]],
  ["over the limit", frame(Buffer.alloc(70_000)), [exhausted]],
  ["3 GB declared", frame(Buffer.alloc(10), { length: 3_000_000_000 }), [exhausted]],
  ["an unknown enum number", frame(tweetBytes({ ...goodTweet, weather: 99 })), [invalid]],
  [
    "an unknown compression",
    frame(tweetBytes(goodTweet), { flag: 1 }),
    [invalid, unimplemented, internal],
  ],
];

const times = 10;

/** Frames of gRPC that cannot be read; the service stays up. */
export const doorFrames: Fault = {
  numbers: [5],
  name: "door-frames",
  title: "malformed protobuf, truncated frames, over the limit, unknown enums",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 50,
  strike: async (context) => {
    for (let time = 0; time < times; time += 1) {
      for (const [what, bytes, codes] of frames) await sent(context, what, bytes, codes);
    }
    context.note(`${frames.length} kinds, ${times} times each`);
  },
};

async function sent(
  context: FaultContext,
  what: string,
  bytes: Uint8Array,
  expected: readonly number[],
): Promise<void> {
  const key = Bun.randomUUIDv7();
  const port = context.rig.portOf("clima-app-proxy", "grpc");
  await probe(context, {
    ...{ what, key, expected },
    send: async () => {
      const headers = { "idempotency-key": key };
      const reply = await rawCall(port, { path: sendTweetPath, chunks: [bytes], headers });
      return Number(reply.trailers["grpc-status"] ?? reply.headers["grpc-status"]);
    },
    // Nothing of these can be an event, whatever is said of it.
    outcomeOf: (code) => (code === 0 ? "acked" : "refused"),
  });
}
