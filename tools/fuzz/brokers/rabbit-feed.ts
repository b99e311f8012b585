import { type ConfirmChannel, connect, type Options } from "amqplib";
import type { Random } from "../../../lib/store/testing/random.ts";
import { noise } from "../raw/attack.ts";
import type { Feed } from "./kafka-feed.ts";
import type { LaneMessage } from "./lane-message.ts";

/** Feeds a queue. */
export async function rabbitFeed(url: string, queue: string): Promise<Feed> {
  const connection = await connect(url);
  const channel: ConfirmChannel = await connection.createConfirmChannel();
  return {
    send: async (messages, random) => {
      for (const message of messages) {
        channel.sendToQueue(queue, Buffer.from(message.body), propertiesOf(message, random));
      }
      await channel.waitForConfirms();
    },
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

/** Seconds since 1970; some of them beyond what a date can say. */
const times = [0, 1, 1_700_000_000, 2 ** 32, 281_474_976_711, 2 ** 48, 2 ** 53, 2 ** 62];
const shortMax = 255;

function propertiesOf({ id }: LaneMessage, random: Random): Options.Publish {
  const short = () =>
    Buffer.from(noise(random, random.below(60)))
      .toString("latin1")
      .slice(0, 60);
  return {
    persistent: random.chance(0.8),
    headers: random.chance(0.5) ? tableOf(random, random.pick([1, 30, 1_000])) : {},
    ...(id === undefined ? {} : { messageId: cut(id) }),
    ...(random.chance(0.3) ? { timestamp: random.pick(times) } : {}),
    ...(random.chance(0.3) ? { contentType: short() } : {}),
    ...(random.chance(0.3) ? { contentEncoding: random.pick(["gzip", "utf-16", short()]) } : {}),
    ...(random.chance(0.2) ? { correlationId: short(), replyTo: short(), type: short() } : {}),
    ...(random.chance(0.2) ? { priority: random.below(256), appId: short() } : {}),
  };
}

/** At most what a short string of AMQP may take, in bytes. */
function cut(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= shortMax ? text : bytes.toString("latin1", 0, shortMax / 2);
}

const names = [
  "__proto__",
  "constructor",
  "x-delivery-count",
  "x-death",
  "x-first-death-reason",
  "é",
];

/** A header table with values of every kind, tables within tables. */
function tableOf(random: Random, depth: number): Record<string, unknown> {
  const values = [
    ...[true, false, null, 0, -1, 2 ** 31, 1.5, "text", "", "\u0000", "x".repeat(2_000)],
    ...[Buffer.from(noise(random, 20)), [1, "a", null], { "!": "timestamp", value: 1 }],
    ...[{ "!": "decimal", value: { places: 2, digits: 5 } }, nestedTable(depth)],
  ];
  return Object.fromEntries(
    Array.from({ length: random.below(5) }, () => [random.pick(names), random.pick(values)]),
  );
}

function nestedTable(depth: number): Record<string, unknown> {
  let table: Record<string, unknown> = { end: 1 };
  for (let level = 0; level < depth; level += 1) table = { a: table };
  return table;
}
