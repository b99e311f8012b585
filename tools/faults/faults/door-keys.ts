import { post } from "../../../loadtest/post.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { replyOf } from "../instrument/open-client.ts";
import { goodTweet, tweetEffects } from "../probes/tweet.ts";
import { whileOverloaded } from "../probes/while-overloaded.ts";
import { plain } from "../rigs.ts";

const atOnce = 50;
const inTurn = 3;

/** One key for many requests: of one body they are one event, another body is refused. */
export const doorKeys: Fault = {
  numbers: [7],
  name: "door-keys",
  title: "one idempotency key in sequence, 50 at once, with another body",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 50,
  strike: async (context) => {
    const words = () => `order-${crypto.randomUUID()}`;
    for (const key of [Bun.randomUUIDv7(), words()]) {
      for (let turn = 0; turn < inTurn; turn += 1) await sent(context, key, [key]);
      await otherBody(context, key);
    }
    for (const key of [Bun.randomUUIDv7(), words()]) {
      await sent(context, key, new Array<string>(atOnce).fill(key));
      await otherBody(context, key);
    }
    context.note(`4 keys, ${2 * inTurn + 2 * atOnce} requests: 4 events`);
  },
};

/** Sends the same event under one key, at once, and expects one id. */
async function sent(context: FaultContext, key: string, requests: readonly string[]) {
  const { ledger, target, rig, miss, signal } = context;
  const body = JSON.stringify(goodTweet);
  const effects = tweetEffects(goodTweet);
  ledger.sending({ key, target, sentAtMs: Date.now(), body, effects });
  const startedMs = performance.now();
  const send = () => whileOverloaded(() => post(rig.url(), body, key), signal);
  const answers = await Promise.all(requests.map(send));
  for (const answer of answers) ledger.heard(key, replyOf(answer, performance.now() - startedMs));
  const ids = new Set([...answers.map(({ id }) => id), ledger.entries.get(key)?.id]);
  const statuses = [...new Set(answers.map(({ status }) => status))];
  if (statuses.join() !== "200") miss(`${requests.length} times one key: answered ${statuses}`);
  if (ids.size !== 1) miss(`${requests.length} times one key: ${ids.size} ids`);
}

async function otherBody({ rig, miss, signal }: FaultContext, key: string): Promise<void> {
  const body = JSON.stringify({ ...goodTweet, temperature: goodTweet.temperature + 1 });
  const send = () => post(rig.url(), body, key);
  const { status } = await whileOverloaded(send, signal);
  if (status !== 422) miss(`another body under a known key: answered ${status}, expected 422`);
}
