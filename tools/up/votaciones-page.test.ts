import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import type { Browser } from "playwright-core";
import { until } from "../../lib/testing/until.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { findChromium, launchChromium } from "../../services/board/web/testing/chromium.ts";
import { openPage } from "../../services/board/web/testing/open-page.ts";
import { ensurePage } from "../page/ensure-page.ts";
import { parts } from "../parts/testing.ts";
import { ownSystem } from "./testing/own-system.ts";
import { votesPerBand } from "./testing/votes-log.ts";
import { bandsOn, bandsShownOf, newestOf, rowsOn, seenDuring } from "./testing/votes-page.ts";
import { expectVotes, fire, patience, type Strikes, sendVotes } from "./testing/votes-run.ts";

const testMs = 240_000;
const chromium = findChromium(process.env.CHROMIUM);
/** So few that it takes seconds, and the page has something to follow. */
const users = 2;

// `services/board/web/page.test.ts` tells where there is no browser.
describe.skipIf(!parts || chromium === undefined)("the page of the board service", () => {
  let browser: Browser;
  beforeAll(async () => {
    await ensurePage({
      root: resolve(import.meta.dir, "..", ".."),
      say: (line) => void process.stderr.write(`${line}\n`),
    });
    browser = await launchChromium(chromium ?? "");
  }, testMs);
  afterAll(() => browser?.close());
  const system = ownSystem({ pipelines: [votaciones] });

  /** Opens the log and the distribution, sends 1,000 votes, and expects both to follow, and to agree with the stores. */
  const follow = async (count: number, strikes: Strikes) => {
    const board = system.httpOf("votaciones-board");
    await using log = await openPage(browser, `${board}/#/`);
    await using view = await openPage(browser, `${board}/#/votaciones`);
    for (const { page } of [log, view]) {
      await page.waitForSelector("[role=status][data-phase=live]");
      await page.evaluate("globalThis.sinceTheStart = true");
    }
    const before = await rowsOn(log.page);
    const sent = sendVotes(system, strikes, users);
    const heads = await seenDuring(sent, async () => (await rowsOn(log.page))[0]);
    expect(heads[0]).toEqual(before[0]);
    expect(heads.length).toBeGreaterThan(2);

    await expectVotes(system, count);
    const newest = await newestOf(system);
    const all = count.toLocaleString("en-US");
    const settled = async () =>
      (await view.page.textContent(".count")) === all &&
      Bun.deepEquals(await rowsOn(log.page), newest);
    // What differs is told below.
    await until("all votes on the page", settled, patience).catch(() => {});
    expect(await rowsOn(log.page)).toEqual(newest);
    const { inCollection, inVotosBanda } = await votesPerBand(system);
    expect(await bandsOn(view.page)).toEqual(bandsShownOf(inCollection));
    expect(inVotosBanda).toEqual(inCollection);
    expect(await view.page.textContent(".count")).toBe(all);
    for (const { page, faults } of [log, view]) {
      expect(await page.evaluate("globalThis.sinceTheStart")).toBe(true);
      expect(faults).toEqual([]);
    }
  };

  test(
    "votaciones page: its table fills while 1,000 votes come in by both routes, and ends as MongoDB's newest 20 in order",
    () => follow(1_000, {}),
    testMs,
  );

  test(
    "votaciones page: the same with a consumer killed twice, MongoDB and Redis stopped and started on the way",
    () => follow(2_000, fire(system)),
    testMs,
  );
});
