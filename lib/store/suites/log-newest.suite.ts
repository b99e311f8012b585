import { expect, test } from "bun:test";
import { newEventId } from "../../event/event-id.ts";
import { newestMax } from "../event-log.ts";
import { idAt, laneBatch } from "../testing/fold-events.ts";
import {
  all,
  entriesOf,
  type LogDriverUnderTest,
  logged,
  loggedMany,
} from "../testing/log-under-test.ts";

/** What a log answers of its entries. */
export function logNewestSuite(driver: LogDriverUnderTest): void {
  test("answers by date, whatever the order of writing, and by id within one date", async () => {
    await using data = driver.fresh();
    await using log = data.connect();
    const atMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    const dates = [atMs, atMs + 2, atMs - 5_000, atMs, atMs + 1, atMs, atMs + 86_400_000];
    const events = dates.map((date, number) => logged({ number }, { id: idAt(date) }));
    const batch = laneBatch("rabbit", events);
    await log.apply(batch);
    expect(await all(log)).toEqual(entriesOf(batch.events));
    expect((await log.newest(3)).map(({ record }) => record.number)).toEqual([6, 1, 4]);
    expect((await log.newest(1))[0]?.date).toEqual(new Date(atMs + 86_400_000));
  });

  test("answers nothing where there is nothing, and no more than is asked for", async () => {
    await using data = driver.fresh();
    await using log = data.connect();
    expect(await log.newest(20)).toEqual([]);
    await log.apply(laneBatch("rabbit", loggedMany(30)));
    expect(await log.newest(20)).toHaveLength(20);
    for (const limit of [0, -1, 1.5, newestMax + 1, Number.NaN]) {
      await expect(log.newest(limit)).rejects.toThrow(
        `Cannot read the newest entries: limit must be 1 to 1000: current value is ${limit}`,
      );
    }
  });

  test("answers an id of any time that there is", async () => {
    await using data = driver.fresh();
    await using log = data.connect();
    const ids = [newEventId(0), newEventId(2 ** 48 - 1)];
    await log.apply(
      laneBatch(
        "rabbit",
        ids.map((id) => logged({}, { id })),
      ),
    );
    expect((await all(log)).map(({ date }) => date.getTime())).toEqual([2 ** 48 - 1, 0]);
  });
}
