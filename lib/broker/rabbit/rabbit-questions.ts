import type { ChannelModel } from "amqplib";
import { within } from "../../pause.ts";
import { connectRabbit, type RabbitConnection } from "./rabbit-connection.ts";

/** A connection for questions: opened at the first one, kept, and opened anew after a fault. */
export interface RabbitQuestions extends AsyncDisposable {
  /**
   * Rejects where the broker does not answer within five seconds.
   *
   * @param what ends "Cannot" in the error
   */
  ask<T>(what: string, work: (model: ChannelModel) => Promise<T>): Promise<T>;
}

const askTimeoutMs = 5_000;

/** Makes one; `purpose` shows in the broker's list of connections. */
export function rabbitQuestions(url: string, purpose: string): RabbitQuestions {
  let connection: Promise<RabbitConnection> | undefined;
  const forget = () => {
    const last = connection;
    connection = undefined;
    return last?.then(
      ({ close }) => close(),
      () => {},
    );
  };
  const connected = async () => {
    connection ??= connectRabbit(url, purpose);
    const mine = connection;
    const opened = await mine;
    // A loss between two questions is no fault of the second one.
    opened.lost.catch(() => {
      if (connection === mine) connection = undefined;
    });
    return opened;
  };
  return {
    async ask(what, work) {
      const answer = async () => {
        const { model, lost } = await connected();
        return await Promise.race([work(model), lost]);
      };
      try {
        return await within(what, askTimeoutMs, answer());
      } catch (error) {
        void forget();
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      await forget();
    },
  };
}
