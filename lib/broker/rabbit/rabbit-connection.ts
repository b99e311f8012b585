import { type Channel, type ChannelModel, connect } from "amqplib";
import { within } from "../../pause.ts";

/** A connection, and how it ends. */
export interface RabbitConnection {
  readonly model: ChannelModel;
  /** Rejects when the connection is closed, by whomever. */
  readonly lost: Promise<never>;
  /** Closes politely; waits a second at most. */
  close(): Promise<void>;
}

const connectTimeoutMs = 5_000;
const closeTimeoutMs = 1_000;
/** A broker that is silent for two of them is given up. */
const heartbeatSeconds = 5;

/** The URL with our heartbeat, unless it has one: amqplib reads it from nowhere else. */
function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has("heartbeat")) {
    parsed.searchParams.set("heartbeat", String(heartbeatSeconds));
  }
  return parsed.href;
}

/** Rejects when `emitter` closes, and keeps its errors from ending the process. */
export function lossOf(emitter: NodeJS.EventEmitter, what: string): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  let reason: unknown;
  emitter.on("error", (error) => {
    reason = error;
  });
  emitter.on("close", (error) => {
    const cause = reason ?? error;
    const why = cause instanceof Error ? cause.message : "it was closed";
    reject(new Error(`Cannot use the ${what} any more: ${why}`, { cause }));
  });
  return promise;
}

/** Connects; `purpose` shows in the broker's list of connections. */
export async function connectRabbit(url: string, purpose: string): Promise<RabbitConnection> {
  const model = await connect(withHeartbeat(url), {
    timeout: connectTimeoutMs,
    noDelay: true,
    keepAlive: true,
    clientProperties: { connection_name: purpose },
  });
  const lost = lossOf(model, "connection");
  return {
    model,
    lost,
    async close() {
      // One that is lost already rejects.
      await within("close a connection", closeTimeoutMs, model.close()).catch(() => {});
    },
  };
}

/** Does `work` on a channel of its own: a refusal closes the channel that asked. */
export async function onOwnChannel<T>(
  model: ChannelModel,
  work: (channel: Channel) => Promise<T>,
): Promise<T> {
  const channel = await model.createChannel();
  // The call that is under way rejects with the channel's loss, and knows more about it.
  void lossOf(channel, "channel");
  const done = await work(channel);
  await channel.close();
  return done;
}
