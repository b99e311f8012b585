import type { Channel, ConsumeMessage } from "amqplib";
import { pause } from "../../pause.ts";
import type { Closing } from "../closing.ts";
import { deliver } from "../delivering.ts";
import { linkedAbort } from "../linked-abort.ts";
import type { DeliveryHandler } from "../subscriber.ts";
import type { SubscriberSettings } from "../subscriber-options.ts";
import { deliveriesBefore, fromRabbit } from "./to-rabbit.ts";

/** What takes messages from a channel to a handler. */
export interface PumpOptions {
  readonly handler: DeliveryHandler;
  readonly settings: SubscriberSettings;
  /** How long a rejecting handler is asked again before its messages go back to the broker. */
  readonly holdMs: number;
  readonly closing: Closing;
  /** Aborted when the channel is gone. */
  readonly gone: AbortSignal;
}

/** Messages on their way from a channel to a handler; at most as many as the channel prefetches. */
export interface Pump {
  push(message: ConsumeMessage): void;
  /** Delivers what comes by `channel` until that is gone or the subscription closes; one delivery at a time. */
  run(channel: Channel): Promise<void>;
}

/** A message that came back so often is delivered alone, so that it does not take others to the dead letters. */
const aloneAfter = 3;
const restMaxMs = 60_000;

function takeBatch(pending: ConsumeMessage[], batchMax: number): ConsumeMessage[] {
  const isSuspect = (message: ConsumeMessage) => deliveriesBefore(message) >= aloneAfter;
  const first = pending.slice(0, batchMax).findIndex(isSuspect);
  return pending.splice(0, first < 0 ? batchMax : Math.max(1, first));
}

async function deliverBatch(
  options: PumpOptions,
  channel: Channel,
  batch: readonly ConsumeMessage[],
): Promise<void> {
  const { handler, settings, holdMs, closing, gone } = options;
  using link = linkedAbort(gone, closing.aborted);
  const { signal } = link;
  const untilMs = Date.now() + holdMs;
  const given = () => closing.stopping.aborted || Date.now() >= untilMs;
  const delivery = { range: undefined, messages: batch.map(fromRabbit), signal };
  const { settled } = await deliver(handler, delivery, { ...settings, given });
  const last = batch.at(-1);
  if (signal.aborted || !last) return;
  if (settled) channel.ack(last, true);
  // Not nack: since RabbitMQ 4.3 only a reject counts towards the delivery limit.
  else for (const message of batch) channel.reject(message, true);
}

/** Makes a pump that does not run yet. */
export function createPump(options: PumpOptions): Pump {
  const { settings, closing, gone } = options;
  const pending: ConsumeMessage[] = [];
  let wake = () => {};
  const rest = async () => {
    using link = linkedAbort(gone, closing.stopping);
    wake = () => link.abort();
    await pause(restMaxMs, link.signal);
  };
  return {
    push(message) {
      pending.push(message);
      wake();
    },
    async run(channel) {
      while (!gone.aborted && !closing.stopping.aborted) {
        if (pending.length === 0) await rest();
        else await deliverBatch(options, channel, takeBatch(pending, settings.batchMax));
      }
    },
  };
}
