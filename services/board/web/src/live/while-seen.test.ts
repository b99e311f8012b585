import { expect, test } from "bun:test";
import { handClock } from "../../testing/hand-clock.ts";
import { whileSeen } from "./while-seen.ts";

function setUp(seen: boolean) {
  const clock = handClock();
  const world = { seen, changed: () => {} };
  const runs = { started: 0, stopped: 0 };
  const stop = whileSeen(
    {
      seen: () => world.seen,
      onChange: (changed) => {
        world.changed = changed;
        return () => {
          world.changed = () => {};
        };
      },
      later: clock.later,
    },
    () => {
      runs.started++;
      return () => {
        runs.stopped++;
      };
    },
  );
  const see = (now: boolean) => {
    world.seen = now;
    world.changed();
  };
  return { clock, runs, see, stop };
}

test("it runs while the page is seen, and goes on for a minute when it is not", async () => {
  const { clock, runs, see } = setUp(true);
  see(false);
  await clock.advance(59_000);
  see(true);
  await clock.advance(120_000);
  expect(runs).toEqual({ started: 1, stopped: 0 });
});

test("a page that nobody sees for longer stops, and starts when it is seen again", async () => {
  const { clock, runs, see } = setUp(true);
  see(false);
  await clock.advance(61_000);
  expect(runs).toEqual({ started: 1, stopped: 1 });
  see(true);
  expect(runs).toEqual({ started: 2, stopped: 1 });
});

test("a page that is opened in the background starts when it is seen", async () => {
  const { clock, runs, see } = setUp(false);
  await clock.advance(61_000);
  expect(runs).toEqual({ started: 0, stopped: 0 });
  see(true);
  expect(runs.started).toBe(1);
});

test("what is stopped for good neither goes on nor starts again", async () => {
  const { clock, runs, see, stop } = setUp(true);
  see(false);
  stop();
  see(true);
  await clock.advance(61_000);
  expect(runs).toEqual({ started: 1, stopped: 1 });
});
