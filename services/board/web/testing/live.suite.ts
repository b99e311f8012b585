import { expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { until } from "../../../../lib/testing/until.ts";
import { barriers } from "./axe.ts";
import type { BoardStandIn } from "./board-stand-in.ts";
import { longestTaskMs } from "./main-thread.ts";
import { type Open, settled } from "./people.suite.ts";
import { bands } from "./scripted-board.ts";

/** How the page follows a board that tests script: changes, cuts, and many changes at once. */
export function liveSuite(open: Open, board: () => BoardStandIn): void {
  const total = (votes: number) => {
    const { state } = board().snapshot("votaciones");
    board().change("votaciones", { state: { ...state, total: `${votes}` } });
  };

  test("counters move without a reload", async () => {
    await using opened = await open("#/votaciones");
    const { page } = opened;
    await settled(page);
    total(1_042);
    await counted(page, "1,042");
    total(1_043);
    await counted(page, "1,043");
    expect(opened.faults).toEqual([]);
  });

  test("new records of the log come to its head without a reload", async () => {
    await using opened = await open("#/");
    const { page } = opened;
    await settled(page);
    const { logs } = board().snapshot("votaciones");
    const date = new Date().toISOString();
    const record = {
      _id: "new",
      name: "Alux Nahual",
      album: "Libertad",
      year: "1982",
      rank: "1",
      date,
    };
    board().change("votaciones", { logs: [record, ...(logs ?? [])].slice(0, 20) });
    await page.waitForSelector("main tbody tr:first-child:has-text('Alux Nahual')");
    expect(await page.locator("main tbody tr").count()).toBe(20);
  });

  test("averages become lines as they change", async () => {
    await using opened = await open("#/clima-app");
    const { page } = opened;
    await settled(page);
    const { state } = board().snapshot("clima-app");
    for (const sum of ["110", "130"]) {
      const stats = { count: "4", temperature_sum: sum, humidity_sum: "240" };
      board().change("clima-app", { state: { ...state, "stats:mixco": stats } });
      await page.waitForSelector(`main tr:has-text("Mixco") >> text=${Number(sum) / 4}`);
    }
    const path = page
      .getByRole("region", { name: "Average temperature" })
      .locator(".line-chart path");
    expect(await path.first().getAttribute("d")).toMatch(/^M[\d.]+,[\d.]+(?:L[\d.]+,[\d.]+){2}$/);
  });

  test("a stream that is cut comes back; while it stays away the board is asked, and the page says so", async () => {
    await using opened = await open("#/votaciones");
    const { page } = opened;
    await settled(page);
    board().behaviour.streams = false;
    board().cut();
    await phase(page, "retrying", /^Connection lost, trying again\. What you see is from \d/);
    await phase(page, "polling", /^The live stream is away: asking every 2 seconds\.$/);
    total(2_000);
    await counted(page, "2,000");
    board().behaviour.streams = true;
    await phase(page, "live", /^Live$/);
    total(2_001);
    await counted(page, "2,001");
  });

  test("who reads far down is told as well that what they see is old", async () => {
    await using opened = await open("#/votaciones", { viewport: { width: 390, height: 720 } });
    const { page } = opened;
    await settled(page);
    await page.evaluate("scrollTo(0, document.body.scrollHeight)");
    const status = page.locator("[role=status]");
    const top = async () => (await status.boundingBox())?.y ?? Number.NaN;
    expect(await top()).toBeLessThan(0);
    board().behaviour.api = false;
    board().cut();
    await phase(page, "retrying", /^Connection lost/);
    expect(await top()).toBeWithin(0, 200);
    await phase(page, "lost", /^The board does not answer/);
    expect(await top()).toBeWithin(0, 200);
    expect(await barriers(page)).toEqual([]);
    board().behaviour.api = true;
    await phase(page, "live", /^Live$/);
    expect(await top()).toBeLessThan(0);
  });

  test("a board that is away leaves what was seen, with its time, and is found again", async () => {
    await using opened = await open("#/votaciones");
    const { page } = opened;
    await settled(page);
    board().behaviour.api = false;
    board().cut();
    await phase(page, "lost", /^The board does not answer\. What you see is from \d/);
    await counted(page, "2,001");
    board().behaviour.api = true;
    await phase(page, "live", /^Live$/);
  });

  test("a page that comes before its board waits for it", async () => {
    board().behaviour.api = false;
    await using opened = await open("#/");
    const { page } = opened;
    await phase(page, "lost", /^The board does not answer\. Trying again\.$/);
    board().behaviour.api = true;
    await settled(page);
  });

  test("a store or log that is away leaves what was seen, with its time", async () => {
    await using opened = await open("#/votaciones");
    const { page } = opened;
    await settled(page);
    const { state, logs = null } = board().snapshot("votaciones");
    board().change("votaciones", { state: null, logs: null });
    await page.waitForSelector("text=No answer from the store: as of");
    await page.waitForSelector("text=No answer from the log: as of");
    await counted(page, "2,001");
    board().change("votaciones", { state, logs });
    await page.waitForSelector("text=No answer from", { state: "detached" });
  });

  test("leaving a view ends its stream", async () => {
    await using opened = await open("#/clima-app");
    await settled(opened.page);
    await opened.page.click("nav a[href='#/votaciones']");
    await settled(opened.page);
    await until("one stream", () => board().listeners === 1);
  });

  test("a view with all of its parts is drawn without a task longer than 50 ms", async () => {
    const everything = Object.fromEntries(
      ["a", "b", "c"].map((key) => [key, bands(500, (n) => n)]),
    );
    const { state } = board().snapshot("plain");
    board().change("plain", { state: { ...state, ...everything } });
    for (const hash of ["#/clima-app", "#/votaciones", "#/plain"]) {
      await using opened = await open("#/");
      await settled(opened.page);
      const longestMs = await longestTaskMs(opened.page, async () => {
        await opened.page.click(`nav a[href='${hash}']`);
        await opened.page.waitForSelector(`nav a[href='${hash}'][aria-current]`);
        await opened.page.waitForSelector(".cards");
        await settled(opened.page);
      });
      expect(longestMs).toBeLessThan(50);
    }
    board().change("plain", { state });
  });

  test("four snapshots a second with 500 bands each leave no task longer than 50 ms", async () => {
    await using opened = await open("#/votaciones");
    const { page, faults } = opened;
    await settled(page);
    const longestMs = await longestTaskMs(page, async () => {
      for (let sent = 0; sent < 20; sent++) {
        const hash = bands(500, (band) => 1_000 + ((band * 7_919 + sent * 104_729) % 2_000));
        board().change("votaciones", {
          state: { total: `${5_000 + sent}`, votos_banda: hash, votos_album: hash, bands: hash },
        });
        await Bun.sleep(250);
      }
      await counted(page, "5,019");
    });
    expect(longestMs).toBeLessThan(50);
    expect(faults).toEqual([]);
  });
}

async function counted(page: Page, count: string): Promise<void> {
  await page.waitForSelector(`.count:text-is("${count}")`);
}

async function phase(page: Page, name: string, line: RegExp): Promise<void> {
  const status = page.locator(`[role=status][data-phase="${name}"]`);
  await status.waitFor({ timeout: 40_000 });
  expect(await status.innerText()).toMatch(line);
}
