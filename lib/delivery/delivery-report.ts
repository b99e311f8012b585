import type { DeliveredMessage } from "../broker/message.ts";
import type { AsideReason } from "../store/store.ts";

/** Told of every message's fate, for people who follow a log and for metrics; it must not throw. */
export interface DeliveryReport {
  folded(message: DeliveredMessage): void;
  setAside(message: DeliveredMessage, reason: AsideReason, why: string): void;
  /** A store did not take a batch and is asked again. */
  storeFailed(why: string): void;
}

/** A report that nobody reads. */
export const silentReport: DeliveryReport = {
  folded: () => {},
  setAside: () => {},
  storeFailed: () => {},
};

/**
 * One line for each event, in the words that people who run `clima-app` look for. `label` is the lane's name, such as
 * `Kafka`; `write` gets each line without its end.
 */
export function eventLines(label: string, write: (line: string) => void): DeliveryReport {
  const lane = `[${label}→Valkey]`;
  return {
    folded: (message) => write(`✅ ${lane} ${shown(message)}`),
    setAside: (message, reason, why) =>
      write(
        reason === "undecodable"
          ? `❌ JSON inválido ${lane}: ${why}: ${shown(message)}`
          : `❌ ${reason} ${lane}: ${why}: ${shown(message)}`,
      ),
    storeFailed: (why) => write(`❌ Valkey write ${lane}: ${why}`),
  };
}

const shownMax = 300;

/** A message's body on one line, cut where it is long, control characters escaped. */
function shown({ body }: DeliveredMessage): string {
  const text = new TextDecoder().decode(body.subarray(0, shownMax));
  return text.replaceAll(/\p{Cc}/gu, (each) => JSON.stringify(each).slice(1, -1));
}
