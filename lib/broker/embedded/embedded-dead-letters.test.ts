import { expect, test } from "bun:test";
import { join } from "node:path";
import { tempDir } from "../../store/testing/temp-dir.ts";
import { until } from "../../testing/until.ts";
import { deadLettersSuite, readAll } from "../dead-letters.suite.ts";
import { message, messagesOf, publishAll } from "../testing/messages.ts";
import { embeddedBroker } from "./embedded-broker.ts";
import { openJournal } from "./journal.ts";

deadLettersSuite("embedded broker", async () => {
  const broker = embeddedBroker({ file: ":memory:" });
  return {
    publisher: () => broker.publisher("kafka.dlq"),
    letters: () => broker.deadLetters("kafka.dlq"),
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  };
});

test("what became of a letter is known after a restart", async () => {
  using dir = tempDir();
  const file = join(dir.path, "broker.sqlite");
  const sent = messagesOf(3);
  {
    await using broker = embeddedBroker({ file });
    await using publisher = broker.publisher("kafka.dlq");
    await publishAll(publisher, sent);
    await using letters = broker.deadLetters("kafka.dlq");
    const [first] = await readAll(letters);
    if (first !== undefined) await letters.settle([{ letter: first, as: "dropped" }]);
  }
  await using broker = embeddedBroker({ file });
  await using letters = broker.deadLetters("kafka.dlq");
  expect((await readAll(letters)).map(({ id }) => id)).toEqual(sent.slice(1).map(({ id }) => id));
});

test("a lane of dead letters lets its oldest go, and is never full", async () => {
  const letters = { bytesMax: 100_000, ageMaxMs: 3_600_000 };
  const options = { file: ":memory:", backlogMax: 10, retainMax: 0, letters };
  await using broker = embeddedBroker(options);
  await using publisher = broker.publisher("kafka.dlq");
  const sent = messagesOf(200, { body: Buffer.alloc(1_000, "x") });
  for (const each of sent) await publishAll(publisher, [each]);
  await using box = broker.deadLetters("kafka.dlq");
  expect((await readAll(box)).map(({ id }) => id)).toEqual(sent.slice(100).map(({ id }) => id));
  await using lane = broker.publisher("kafka");
  const [result] = await lane.publish(messagesOf(11), { deadlineAtMs: Date.now() + 50 });
  expect(result?.stored).toBe(false);
});

test("a lane of dead letters lets go of what is too old", async () => {
  const journal = openJournal({ file: ":memory:", letters: { bytesMax: 1e9, ageMaxMs: 0 } });
  const lane = journal.lane("kafka.dlq");
  await journal.append(lane, [message()]);
  const beganMs = Date.now();
  await until("another millisecond", () => Date.now() > beganMs, { everyMs: 1 });
  await journal.append(lane, [message()]);
  expect([lane.first, lane.next, lane.bytes]).toEqual([
    1,
    2,
    journal.read(lane, 1, 9)[0]?.body.length,
  ]);
  journal.close();
});
