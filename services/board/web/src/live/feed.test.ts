import { expect, test } from "bun:test";
import { handClock } from "../../testing/hand-clock.ts";
import type { Snapshot } from "../api/shapes.ts";
import { startFeed } from "./feed.ts";

const snapshot = (at: number): Snapshot => ({
  at,
  state: {},
  ledger: null,
  lag: null,
  deadLetters: null,
});

/** A feed in a world where the test plays the board. */
function setUp() {
  const clock = handClock();
  const heard: number[] = [];
  const phases: string[] = [];
  const streams: { snapshot(snapshot: Snapshot): void; failed(): void; open: boolean }[] = [];
  const board = { answers: true, asked: 0 };
  const stop = startFeed(
    {
      open: (on) => {
        const stream = { ...on, open: true };
        streams.push(stream);
        return () => {
          stream.open = false;
        };
      },
      ask: () => {
        board.asked++;
        return board.answers
          ? Promise.resolve(snapshot(-board.asked))
          : Promise.reject(new Error("Cannot ask: the board is away"));
      },
      later: clock.later,
      random: () => 1,
      nowMs: clock.nowMs,
    },
    {
      snapshot: ({ at }) => heard.push(at),
      connection: ({ phase }) => {
        if (phases.at(-1) !== phase) phases.push(phase);
      },
    },
  );
  const stream = () => {
    const last = streams.at(-1);
    if (last === undefined) throw new Error("Cannot test: no stream was opened");
    return last;
  };
  /** Fails every stream that is opened. */
  const failFor = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      if (stream().open) stream().failed();
      await clock.advance(1_000);
    }
  };
  return { clock, heard, phases, streams, stream, board, stop, failFor };
}

test("what the stream says is heard as it comes", async () => {
  const { clock, heard, phases, stream } = setUp();
  stream().snapshot(snapshot(1));
  await clock.advance(100);
  stream().snapshot(snapshot(2));
  expect([heard, phases]).toEqual([
    [1, 2],
    ["connecting", "live"],
  ]);
});

test("people see an answer before the stream's first snapshot", async () => {
  const { clock, heard, phases } = setUp();
  await clock.advance(100);
  expect([heard, phases]).toEqual([[-1], ["connecting"]]);
});

test("a stream that ends is opened again after a while, one at a time", async () => {
  const { clock, streams, stream, phases } = setUp();
  stream().snapshot(snapshot(1));
  stream().failed();
  await clock.advance(1_900);
  expect(streams.length).toBe(1);
  await clock.advance(200);
  expect(streams.map(({ open }) => open)).toEqual([false, true]);
  stream().snapshot(snapshot(2));
  expect(phases).toEqual(["connecting", "live", "retrying", "live"]);
});

test("after three failures the board is asked every two seconds, until the stream is back", async () => {
  const { clock, stream, phases, board, failFor } = setUp();
  stream().snapshot(snapshot(1));
  await failFor(7_000);
  expect(phases).toEqual(["connecting", "live", "retrying", "polling"]);
  const before = board.asked;
  await clock.advance(6_000);
  expect(board.asked - before).toBe(3);
  await clock.advance(10_000);
  stream().snapshot(snapshot(3));
  expect(phases.at(-1)).toBe("live");
  const after = board.asked;
  await clock.advance(10_000);
  expect(board.asked).toBe(after);
});

test("a board that answers in no way is lost, and found again", async () => {
  const { clock, phases, board, failFor } = setUp();
  board.answers = false;
  await failFor(8_000);
  expect(phases).toEqual(["connecting", "lost"]);
  board.answers = true;
  await clock.advance(2_000);
  expect(phases.at(-1)).toBe("polling");
});

test("a stream that never says anything counts as failed", async () => {
  const { clock, streams } = setUp();
  await clock.advance(10_000);
  expect(streams.map(({ open }) => open)).toEqual([false]);
  await clock.advance(2_000);
  expect(streams.map(({ open }) => open)).toEqual([false, true]);
});

test("a stream that fell silent is opened again without a word", async () => {
  const { clock, streams, stream, phases } = setUp();
  stream().snapshot(snapshot(1));
  await clock.advance(45_000);
  expect(streams.map(({ open }) => open)).toEqual([false, true]);
  stream().snapshot(snapshot(1));
  expect(phases).toEqual(["connecting", "live"]);
});

test("a feed that was stopped does nothing more", async () => {
  const { clock, streams, heard, board, stop } = setUp();
  stop();
  await clock.advance(120_000);
  expect(streams.map(({ open }) => open)).toEqual([false]);
  expect([heard, board.asked]).toEqual([[], 1]);
});
