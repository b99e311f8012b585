import type { Admin } from "kafkajs";
import { pause } from "../../../lib/pause.ts";

/** What is asked whether anything waits. */
export interface Drainable {
  readonly kafka: Admin;
  readonly topic: string;
  readonly group: string | undefined;
  /** RabbitMQ's management API, with user and password. */
  readonly management: string;
  readonly queue: string | undefined;
}

/** What waits on the brokers. */
export interface Waiting {
  /** Messages of the topic that the group has not acknowledged. */
  readonly kafka: number;
  /** Messages of the queue that wait or are not acknowledged. */
  readonly rabbit: number;
}

/** How long to wait. */
export interface DrainOptions {
  readonly limitMs: number;
  /** How long nothing must wait. @default 1500 */
  readonly steadyMs?: number;
  readonly signal: AbortSignal;
}

const everyMs = 250;
const askMs = 5_000;
/** Offsets are committed, and queues are measured, once a second. */
const usualSteadyMs = 1_500;

/** How much waits on the brokers now; rejects where one does not answer. */
export async function waiting(drainable: Drainable): Promise<Waiting> {
  return { kafka: await kafkaLag(drainable), rabbit: await rabbitDepth(drainable) };
}

async function kafkaLag({ kafka, topic, group }: Drainable): Promise<number> {
  if (group === undefined) return 0;
  const ends = await kafka.fetchTopicOffsets(topic);
  const [committed] = await kafka.fetchOffsets({ groupId: group, topics: [topic] });
  const at = new Map(committed?.partitions.map((each) => [each.partition, Number(each.offset)]));
  return ends.reduce((sum, { partition, low, high }) => {
    const position = Math.max(Number(low), at.get(partition) ?? 0);
    return sum + Math.max(0, Number(high) - position);
  }, 0);
}

async function rabbitDepth({ management, queue }: Drainable): Promise<number> {
  if (queue === undefined) return 0;
  const path = `/api/queues/%2F/${encodeURIComponent(queue)}`;
  const reply = await fetch(
    new URL(`${path}?disable_stats=true&enable_queue_totals=true`, management),
    {
      headers: { authorization: `Basic ${btoa("guest:guest")}` },
      signal: AbortSignal.timeout(askMs),
    },
  );
  if (reply.status === 404) return 0;
  if (!reply.ok)
    throw new Error(`Cannot ask RabbitMQ for ${queue}: current status is ${reply.status}`);
  const { messages = 0 } = (await reply.json()) as { readonly messages?: number };
  return messages;
}

/**
 * Waits until nothing waits on the brokers, and goes on to do so: both tell of a moment up to a second ago. Returns what
 * waits when the time is over.
 */
export async function untilDrained(
  drainable: Drainable,
  { limitMs, steadyMs = usualSteadyMs, signal }: DrainOptions,
): Promise<{ readonly tookMs: number; readonly left: Waiting | undefined }> {
  const startedMs = performance.now();
  let last: Waiting | undefined;
  let emptyFromMs: number | undefined;
  for (;;) {
    last = await waiting(drainable).catch(() => undefined);
    const nowMs = performance.now();
    const isEmpty = last !== undefined && last.kafka + last.rabbit === 0;
    emptyFromMs = isEmpty ? (emptyFromMs ?? nowMs) : undefined;
    if (emptyFromMs !== undefined && nowMs - emptyFromMs >= steadyMs) {
      return { tookMs: emptyFromMs - startedMs, left: undefined };
    }
    signal.throwIfAborted();
    if (nowMs - startedMs > limitMs) {
      return { tookMs: nowMs - startedMs, left: last ?? { kafka: -1, rabbit: -1 } };
    }
    await pause(everyMs, signal);
  }
}
