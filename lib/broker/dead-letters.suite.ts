import { describe, expect, test } from "bun:test";
import { newEventId } from "../event/event-id.ts";
import { until } from "../testing/until.ts";
import type { DeadLetters, LetterQuery, WaitingLetter } from "./dead-letters.ts";
import type { BrokerMessage } from "./message.ts";
import type { Publisher } from "./publisher.ts";
import { message, messagesOf, publishAll } from "./testing/messages.ts";

/** The dead letters of one lane, of which there are none yet. */
export interface DeadLettersUnderTest extends AsyncDisposable {
  /** Sets aside, as consumers do. */
  publisher(): Publisher<BrokerMessage>;
  /** Looks at them anew, as a process that has just started does. */
  letters(): DeadLetters;
}

const looks = 30;
const idsOf = (messages: readonly { readonly id: string | undefined }[]) =>
  messages.map(({ id }) => id);

/** All letters that wait, in this order. */
export async function readAll(
  letters: DeadLetters,
  query: LetterQuery = { first: "oldest" },
): Promise<readonly WaitingLetter[]> {
  const all: WaitingLetter[] = [];
  for await (const letter of letters.read(query)) all.push(letter);
  return all;
}

/** Waits until so many letters wait, and reads them. */
export async function readOnce(count: number, letters: DeadLetters) {
  await until(
    `${count} letters`,
    async () =>
      (await letters.tally()).waiting === count && (await readAll(letters)).length === count,
    { timeoutMs: 20_000 },
  );
  return readAll(letters);
}

/** Sets aside one after the other, so that there is one newest. */
async function setAside(publisher: Publisher<BrokerMessage>, count: number) {
  const sent = messagesOf(count);
  for (const each of sent) {
    await publishAll(publisher, [each]);
    const storedMs = Date.now();
    await until("another millisecond", () => Date.now() > storedMs, { everyMs: 1 });
  }
  return sent;
}

/** What every driver must do. */
export function deadLettersSuite(name: string, open: () => Promise<DeadLettersUnderTest>): void {
  describe(`${name}: dead letters`, () => {
    lookingSuite(open);
    settlingSuite(open);
  });
}

function lookingSuite(open: () => Promise<DeadLettersUnderTest>): void {
  test("are none where nothing was ever set aside", async () => {
    await using lane = await open();
    await using letters = lane.letters();
    expect(await readAll(letters)).toEqual([]);
    expect(await letters.tally()).toEqual({ waiting: 0, moved: 0, redriven: 0 });
  });

  test("are read whole", async () => {
    await using lane = await open();
    await using publisher = lane.publisher();
    const body = Uint8Array.from({ length: 512 }, (_, i) => i % 256);
    const sent = message({ body, headers: { reason: "undecodable" } });
    await publishAll(publisher, [sent]);
    await using letters = lane.letters();
    const [letter] = await readOnce(1, letters);
    expect([letter?.id, letter?.message.id]).toEqual([sent.id, sent.id]);
    expect(letter?.message.headers).toEqual(sent.headers);
    expect(Buffer.from(letter?.message.body ?? [])).toEqual(Buffer.from(body));
  });

  test("are read from the oldest or the newest on, or those that are asked for", async () => {
    await using lane = await open();
    await using publisher = lane.publisher();
    const sent = idsOf(await setAside(publisher, 30));
    await using letters = lane.letters();
    expect(idsOf(await readOnce(30, letters))).toEqual(sent);
    expect(idsOf(await readAll(letters, { first: "newest" }))).toEqual(sent.toReversed());
    const ids = new Set([25, 3, 24].flatMap((at) => sent[at] as never));
    expect(idsOf(await readAll(letters, { first: "oldest", ids }))).toEqual([
      ...[sent[3], sent[24], sent[25]],
    ]);
    for await (const newest of letters.read({ first: "newest" })) {
      expect(newest.id).toBe(sent.at(-1) as never);
      break;
    }
  });

  test("that were set aside twice under one id are read once", async () => {
    await using lane = await open();
    await using publisher = lane.publisher();
    const [first, second] = messagesOf(2);
    if (first === undefined || second === undefined) throw new Error("Cannot test without them");
    for (const each of [first, first, second, first]) await publishAll(publisher, [each]);
    await using letters = lane.letters();
    await until("the last", async () => (await readAll(letters)).at(-1)?.id === first.id);
    expect(idsOf(await readOnce(2, letters))).toEqual([second.id, first.id]);
  });

  test(`stay as they are however often they are looked at: ${looks} times`, async () => {
    await using lane = await open();
    await using publisher = lane.publisher();
    const sent = idsOf(await setAside(publisher, 10));
    await using letters = lane.letters();
    const [first] = await readOnce(10, letters);
    for (let look = 0; look < looks; look++) {
      expect(idsOf(await readAll(letters))).toEqual(sent);
      expect((await letters.tally()).waiting).toBe(10);
    }
    await using others = lane.letters();
    const [same] = await readOnce(10, others);
    expect(same).toEqual(first as WaitingLetter);
    expect(same?.message.redelivered).toBe(false);
  }, 60_000);
}

function settlingSuite(open: () => Promise<DeadLettersUnderTest>): void {
  test("that were settled are gone, for whoever looks", async () => {
    await using lane = await open();
    await using publisher = lane.publisher();
    await using watching = lane.letters();
    await publishAll(publisher, messagesOf(1_000));
    const all = await readOnce(1_000, watching);
    const [kept, ...settled] = all.toReversed();
    {
      await using letters = lane.letters();
      await readOnce(1_000, letters);
      await letters.settle(
        settled.map((letter, at) => ({ letter, as: at % 2 === 0 ? "redriven" : "dropped" })),
      );
      expect(idsOf(await readAll(letters))).toEqual([kept?.id]);
    }
    expect(idsOf(await readOnce(1, watching))).toEqual([kept?.id]);
    await using later = lane.letters();
    expect(idsOf(await readOnce(1, later))).toEqual([kept?.id]);
    expect(await later.tally()).toEqual({ waiting: 1, moved: 0, redriven: 500 });
    // Once more is harmless.
    await later.settle(settled.slice(0, 3).map((letter) => ({ letter, as: "dropped" })));
    expect(idsOf(await readOnce(1, later))).toEqual([kept?.id]);
  }, 60_000);

  test("that are set aside again while they are settled wait again", async () => {
    await using lane = await open();
    await using publisher = lane.publisher();
    await using letters = lane.letters();
    const sent = message({ body: Buffer.from("once") });
    await publishAll(publisher, [sent]);
    const [letter] = await readOnce(1, letters);
    if (letter === undefined) throw new Error("Cannot test without it");
    await publishAll(publisher, [{ ...sent, body: Buffer.from("again") }]);
    await letters.settle([{ letter, as: "redriven" }]);
    for (const looking of [letters, lane.letters()]) {
      await using _ = looking;
      const [again] = await readOnce(1, looking);
      expect(Buffer.from(again?.message.body ?? []).toString()).toBe("again");
      if (again !== undefined && looking !== letters) {
        await looking.settle([{ letter: again, as: "dropped" }]);
        expect(await readAll(looking)).toEqual([]);
      }
    }
  });

  test("give their place to others, under their id or another", async () => {
    await using lane = await open();
    await using publisher = lane.publisher();
    await using letters = lane.letters();
    const sent = messagesOf(3);
    await publishAll(publisher, sent);
    const [edited, renamed, left] = await readOnce(3, letters);
    if (edited === undefined || renamed === undefined) throw new Error("Cannot test without them");
    const id = newEventId();
    const by = [
      message({ id: edited.id, body: Buffer.from("edited"), headers: { reason: "late" } }),
      message({ id, body: Buffer.from("renamed") }),
    ];
    await letters.settle([
      { letter: edited, as: "replaced", by: by[0] ?? message() },
      { letter: renamed, as: "replaced", by: by[1] ?? message() },
    ]);
    await using later = lane.letters();
    await until("what replaced them", async () => (await readAll(later)).at(-1)?.id === id);
    const now = await readOnce(3, later);
    expect(idsOf(now)).toEqual([left?.id, edited.id, id]);
    expect(now.map(({ message: { body } }) => Buffer.from(body).toString()).slice(1)).toEqual([
      ...["edited", "renamed"],
    ]);
    await later.settle(now.map((letter) => ({ letter, as: "dropped" })));
    await readOnce(0, later);
    expect(await readAll(later)).toEqual([]);
  });
}
