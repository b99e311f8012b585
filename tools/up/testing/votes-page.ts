import type { Page } from "playwright-core";
import type { OwnSystem } from "./own-system.ts";
import { type Counts, votesIn } from "./votes-log.ts";

/** How many bands the page tells apart; the others are one sum. */
const bandsShown = 12;
const newestShown = 20;
const sampleMs = 100;

/** A row of the log as the page has it: its texts, and its date for programs. */
export type LogRow = readonly string[];

/** The rows of the log that stand on the page now, from the top. */
export async function rowsOn(page: Page): Promise<readonly LogRow[]> {
  return (await page.evaluate(`[...document.querySelectorAll("main > .records tbody tr")].map((row) =>
    [...row.cells].map((cell) => cell.querySelector("time")?.dateTime ?? cell.textContent.trim()))`)) as readonly LogRow[];
}

/** The newest records of MongoDB, as a client of its own reads them, in the order of their dates. */
export async function newestOf(system: OwnSystem): Promise<readonly LogRow[]> {
  const votes = (await votesIn(system)).map(({ _id, date, ...vote }) => ({
    date: (date as Date).toISOString(),
    id: String(_id),
    texts: [vote.name, vote.album, vote.year, vote.rank].map(String),
  }));
  const key = ({ date, id }: (typeof votes)[number]) => `${date} ${id}`;
  votes.sort((a, b) => (key(a) < key(b) ? 1 : -1));
  return votes.slice(0, newestShown).map(({ texts, date }) => [...texts, date]);
}

/** The distribution of votes per band that stands on the page now: bands, the sum of all others, the total. */
export async function bandsOn(page: Page): Promise<readonly (readonly string[])[]> {
  return (await page.evaluate(`[...document.querySelectorAll("table")]
    .filter(({ caption }) => caption?.textContent.trim() === "Votes per band")
    .flatMap(({ rows }) => [...rows].slice(1))
    .map(({ cells }) => [...cells].slice(0, 2).map((cell) => cell.textContent.trim()))`)) as readonly (readonly string[])[];
}

/** What `bandsOn` must be where the votes are these. */
export function bandsShownOf(counts: Counts): readonly (readonly string[])[] {
  const shown = (count: number) => count.toLocaleString("en-US");
  const sum = (some: readonly (readonly [string, number])[]) =>
    shown(some.reduce((all, [, count]) => all + count, 0));
  const bands = Object.entries(counts).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const others = bands.slice(bandsShown);
  return [
    ...bands.slice(0, bandsShown).map(([band, count]) => [band, shown(count)]),
    [`${others.length} others`, sum(others)],
    ["Total", sum(bands)],
  ];
}

/** The different things that `look` saw while `work` went on, in their order. */
export async function seenDuring<T>(
  work: Promise<unknown>,
  look: () => Promise<T>,
): Promise<readonly T[]> {
  let done = false;
  const ended = work.finally(() => {
    done = true;
  });
  const seen = new Map<string, T>();
  while (!done) {
    const now = await look();
    seen.set(JSON.stringify(now), now);
    await Bun.sleep(sampleMs);
  }
  await ended;
  return [...seen.values()];
}
