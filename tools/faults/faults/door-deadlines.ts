import { connect } from "node:http2";
import { setTimeout as wait } from "node:timers/promises";
import { grpcJsClient, grpcJsService } from "../../../lib/rpc/testing/grpc-js.ts";
import { frame } from "../../../lib/rpc/testing/raw-call.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { residentMib } from "../instrument/process-watch.ts";
import { ofGrpc, probe } from "../probes/probe.ts";
import { goodTweet, sendTweetPath, tweetBytes, tweetEffects } from "../probes/tweet.ts";
import { plain } from "../rigs.ts";

const calls = 100;
const memoryMib = 64;
const deadlineExceeded = 4;
const cancelled = 8;
const proxy = "clima-app-proxy";
const event = { body: JSON.stringify(goodTweet), effects: tweetEffects(goodTweet) };

/** Clients that wait for a millisecond, or leave in the middle of a call. */
export const doorDeadlines: Fault = {
  numbers: [6],
  name: "door-deadlines",
  title: "1 ms deadlines, clients that cancel in the middle of a call",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 50,
  strike: async (context) => {
    const pid = context.rig.child(proxy).pid ?? 0;
    const before = residentMib(pid) ?? 0;
    const port = context.rig.portOf(proxy, "grpc");
    await inHaste(context, port);
    await leaving(context, port);
    const grownMib = (residentMib(pid) ?? 0) - before;
    context.note(`${calls} calls of 1 ms, ${calls} cancelled, ${grownMib.toFixed(1)} MiB more`);
    if (grownMib > memoryMib) context.miss(`the door holds ${Math.round(grownMib)} MiB more`);
  },
};

async function inHaste(context: FaultContext, port: number): Promise<void> {
  const service = grpcJsService(
    "weathertweet/weathertweet.proto",
    "weathertweet.WeatherTweetService",
  );
  using client = grpcJsClient(service, `127.0.0.1:${port}`);
  for (let call = 0; call < calls; call += 1) {
    const key = Bun.randomUUIDv7();
    const settings = { metadata: { "idempotency-key": key }, timeoutMs: 1 };
    await probe(context, {
      ...{ what: "1 ms deadline", key, ...event, expected: [deadlineExceeded, 0] },
      send: async () => (await client.call("SendTweet", goodTweet, settings)).code,
      outcomeOf: ofGrpc,
    });
  }
}

/** Each call is broken off after some milliseconds, before, while or after the event is stored. */
async function leaving(context: FaultContext, port: number): Promise<void> {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on("error", () => {});
  for (let call = 0; call < calls; call += 1) {
    const key = Bun.randomUUIDv7();
    await probe(context, {
      ...{ what: "cancelled", key, ...event, expected: [1] },
      send: async () => {
        const stream = session.request({
          ":method": "POST",
          ":path": sendTweetPath,
          "content-type": "application/grpc",
          te: "trailers",
          "idempotency-key": key,
        });
        stream.on("error", () => {});
        stream.end(frame(tweetBytes(goodTweet)));
        await wait(call % 10);
        stream.close(cancelled);
        return 1;
      },
      outcomeOf: () => "unknown",
    });
  }
  session.destroy();
}
