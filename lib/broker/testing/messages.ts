import { newEventId } from "../../event/event-id.ts";
import type { BrokerMessage } from "../message.ts";
import type { Publisher, PublishResult } from "../publisher.ts";

/** A message with a fresh id. */
export function message(parts: Partial<BrokerMessage> = {}): BrokerMessage {
  const id = newEventId();
  return { id, key: undefined, body: Buffer.from(`{"id":"${id}"}`), headers: {}, ...parts };
}

/** Several messages with fresh, rising ids. */
export function messagesOf(count: number, parts: Partial<BrokerMessage> = {}): BrokerMessage[] {
  return Array.from({ length: count }, () => message(parts));
}

/** Ten seconds from now. */
export const soon = () => ({ deadlineAtMs: Date.now() + 10_000 });

/** The outcome in a word: `stored`, or the error's code. */
export const outcome = (result: PublishResult) => (result.stored ? "stored" : result.error.code);

/** Publishes and insists that everything was stored. */
export async function publishAll(
  publisher: Publisher<BrokerMessage>,
  messages: readonly BrokerMessage[],
): Promise<void> {
  for (const result of await publisher.publish(messages, soon())) {
    if (!result.stored) throw result.error;
  }
}
