import type { Browser, Page } from "playwright-core";
import { mainTasks } from "../../../services/board/web/testing/main-thread.ts";
import { openPage } from "../../../services/board/web/testing/open-page.ts";

/** What was seen of a page from its opening on. */
export interface PageFigures {
  readonly firstContentfulPaintMs: number;
  /** Of the page itself: HTML, scripts, styles. */
  readonly compressedBytes: number;
  /** Snapshots that changed what stands there, a second. */
  readonly drawnPerSecond: number;
  /** The longest task of the main thread by its processor time. */
  readonly longestTaskCpuMs: number;
  /** The same by the clock, on which load and servers take their part of the processors. */
  readonly longestTaskWallMs: number;
  /** Tasks over 50 ms by the clock, as browsers tell pages. */
  readonly longTasks: number;
  /** What went wrong in the page. */
  readonly faults: readonly string[];
}

/** Runs in the page: counts long tasks, from its beginning on. */
const watchTasks = `globalThis.longTasks = 0;
new PerformanceObserver((list) => { longTasks += list.getEntries().length; })
  .observe({ type: "longtask", buffered: true });`;

/** Runs in the page: counts how often a counter or the log's rows change. */
const watchDrawing = `globalThis.drawn = 0;
new MutationObserver((records) => {
  const of = ({ target }) => (target.nodeType === Node.TEXT_NODE ? target.parentElement : target);
  if (records.some((record) => of(record)?.closest(".count, main > .records"))) drawn += 1;
}).observe(document.querySelector("main"), { subtree: true, childList: true, characterData: true });`;

/** Runs in the page. */
const paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1";
const bytes = `performance.getEntries()
  .filter(({ entryType, name }) => entryType === "navigation" ||
    (entryType === "resource" && new URL(name).pathname.startsWith("/assets/")))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`;

/** Opens a page and looks on for so many seconds. */
export async function watchedPage(
  browser: Browser,
  url: string,
  seconds: number,
): Promise<PageFigures> {
  await using opened = await openPage(browser, "about:blank");
  const { page, faults } = opened;
  await page.addInitScript({ content: watchTasks });
  const tasks = await mainTasks(page, async () => {
    await page.goto(url);
    await page.waitForSelector('[role=status][data-phase="live"]');
    await page.waitForSelector("main table");
    await page.evaluate(watchDrawing);
    await Bun.sleep(seconds * 1_000);
  });
  const longest = (of: "cpuMs" | "wallMs") =>
    tasks.reduce((all, each) => Math.max(all, each[of]), 0);
  return {
    firstContentfulPaintMs: await number(page, paint),
    compressedBytes: await number(page, bytes),
    drawnPerSecond: (await number(page, "drawn")) / seconds,
    longestTaskCpuMs: longest("cpuMs"),
    longestTaskWallMs: longest("wallMs"),
    longTasks: await number(page, "longTasks"),
    faults,
  };
}

async function number(page: Page, expression: string): Promise<number> {
  return (await page.evaluate(expression)) as number;
}
