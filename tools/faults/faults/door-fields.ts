import { frame, rawCall } from "../../../lib/rpc/testing/raw-call.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { ofGrpc, probe } from "../probes/probe.ts";
import { goodTweet, type ProbeTweet, sendTweetPath, tweetBytes } from "../probes/tweet.ts";
import { plain } from "../rigs.ts";

/** A body that breaks a rule: the field, and how the JSON goes on after it. */
const broken: readonly (readonly [field: string, json: string])[] = [
  ...['"25"', "25.5", "1e400", "null", "2147483648", "-2147483649", "61", "-51"].map(
    (value) => ["temperature", value] as const,
  ),
  ...["101", "-1", "true"].map((value) => ["humidity", value] as const),
  ...["0", "5", '"hail"', "1.5"].map((value) => ["weather", value] as const),
  ...["0", "5", '"atlantis"'].map((value) => ["municipality", value] as const),
];

/** Messages that both doors can be sent. */
const both: readonly (readonly [field: string, tweet: ProbeTweet])[] = [
  ["temperature", { ...goodTweet, temperature: 61 }],
  ["temperature", { ...goodTweet, temperature: -51 }],
  ["humidity", { ...goodTweet, humidity: 101 }],
  ["weather", { ...goodTweet, weather: 0 }],
  ["weather", { ...goodTweet, weather: 5 }],
  ["municipality", { ...goodTweet, municipality: 0 }],
];

/** Values that no field may have: refused by every door alike, with the field's name. */
export const doorFields: Fault = {
  numbers: [3],
  name: "door-fields",
  title: "wrong types, ranges, enums, missing and extra fields",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 50,
  strike: async (context) => {
    for (const [field, json] of broken) {
      await overHttp(context, `${field}: ${json}`, withField(field, json), field);
    }
    const { humidity: _, ...incomplete } = goodTweet;
    await overHttp(context, "no humidity", JSON.stringify(incomplete), "humidity");
    const more = JSON.stringify({ ...goodTweet, wind: 3 });
    await overHttp(context, "a field more", more, "wind");
    await overHttp(context, "NaN", withField("temperature", "NaN"), undefined);
    for (const [field, tweet] of both) {
      await overHttp(context, `${field} by number`, JSON.stringify(tweet), field);
      await overGrpc(context, tweet);
    }
    context.note(`${broken.length + 3} bodies by HTTP, ${both.length} by both doors`);
  },
};

function withField(field: string, json: string): string {
  const rest = Object.entries(goodTweet).filter(([name]) => name !== field);
  const members = rest.map(([name, value]) => `"${name}":${value}`);
  return `{${[...members, `"${field}":${json}`].join(",")}}`;
}

/** 422 that names the field; what is no JSON at all is 400. */
async function overHttp(context: FaultContext, what: string, body: string, field?: string) {
  const key = Bun.randomUUIDv7();
  const send = async () => {
    const reply = await fetch(context.rig.url(), {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body,
    });
    const text = await reply.text();
    if (field !== undefined && !text.includes(`"${field}"`)) {
      context.miss(`${what}: the reply does not name ${field}: ${text.slice(0, 200)}`);
    }
    return reply.status;
  };
  await probe(context, { what, key, expected: [field === undefined ? 400 : 422], send });
}

async function overGrpc(context: FaultContext, tweet: ProbeTweet): Promise<void> {
  const key = Bun.randomUUIDv7();
  const port = context.rig.portOf("clima-app-proxy", "grpc");
  await probe(context, {
    ...{ what: `gRPC ${JSON.stringify(tweet)}`, key, expected: [3], outcomeOf: ofGrpc },
    send: async () => {
      const chunks = [frame(tweetBytes(tweet))];
      const headers = { "idempotency-key": key };
      const reply = await rawCall(port, { path: sendTweetPath, chunks, headers });
      return Number(reply.trailers["grpc-status"] ?? reply.headers["grpc-status"]);
    },
  });
}
