import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { deadLettersOf } from "../../lib/broker/dead-letter-lane.ts";
import { embeddedBroker } from "../../lib/broker/embedded/embedded-broker.ts";
import { openJournal } from "../../lib/broker/embedded/journal.ts";
import { message, publishAll } from "../../lib/broker/testing/messages.ts";
import { type DeadLetter, deadLetter, deadLetterMessage } from "../../lib/delivery/dead-letter.ts";
import { newEventId } from "../../lib/event/event-id.ts";
import { laptopFiles } from "../../lib/laptop-files.ts";
import { tempDir } from "../../lib/store/testing/temp-dir.ts";

/** A letter to be set aside. */
export interface LetterToBe {
  readonly lane?: string;
  readonly body?: string | Uint8Array;
  readonly reason?: DeadLetter["reason"];
  readonly error?: string;
  /** How long ago it was set aside. */
  readonly ageMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly id?: DeadLetter["id"];
}

/** A body as it stands on `clima-app`'s brokers. */
export const goodBody = '{"municipio":"Mixco","temperatura":20,"humedad":50,"clima":"Soleado"}';

/** The folder of a laptop mode that does not run, with what it has set aside of `clima-app`; ends with the test. */
export async function laptopWith(letters: readonly LetterToBe[]) {
  const dir = tempDir();
  const dataDir = join(dir.path, "data");
  mkdirSync(dataDir);
  const { broker: file, laneOf } = laptopFiles(dataDir);
  const made = letters.map((given) => ({ lane: given.lane ?? "kafka", letter: letterOf(given) }));
  await using broker = embeddedBroker({ file });
  for (const { lane, letter } of made) {
    await using publisher = broker.publisher(deadLettersOf(laneOf("clima-app", lane)));
    await publishAll(publisher, [deadLetterMessage(letter)]);
  }
  return {
    dataDir,
    ids: made.map(({ letter }) => letter.id),
    /** Publishes to a lane, as foreign programs do. */
    async publish(lane: string, body: string) {
      await using reopened = embeddedBroker({ file });
      await using publisher = reopened.publisher(laneOf("clima-app", lane));
      const sent = message({ body: Buffer.from(body) });
      await publishAll(publisher, [sent]);
      return sent.id;
    },
    /** What lies in a lane, in order. */
    async lane(lane: string) {
      const journal = openJournal({ file });
      const messages = journal.read(journal.lane(laneOf("clima-app", lane)), 0, 1_000);
      journal.close();
      return messages;
    },
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  };
}

function letterOf({
  body = "{ no json",
  reason = "undecodable",
  error = "JSON Parse error",
  ageMs = 0,
  headers = {},
  id = newEventId(),
}: LetterToBe): DeadLetter {
  const at = new Date(Date.now() - ageMs).toISOString();
  const origin = { pipeline: "clima-app", lane: "kafka" };
  return deadLetter(
    { body: typeof body === "string" ? Buffer.from(body) : body, headers },
    { ...{ id, reason, error, attempts: 1, origin, firstAt: at, lastAt: at } },
  );
}
