import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { openPage } from "../../services/board/web/testing/open-page.ts";
import type { Picture } from "./pictures.ts";

/** A page that is open for its picture. */
export interface Sitting extends AsyncDisposable {
  /** Writes the picture into a folder once nothing on the page changes any more; answers its file and size. */
  take(folder: string): Promise<{ readonly file: string; readonly bytes: number }>;
}

/** What stands around the parts of a picture. */
const marginPx = 16;
/** The log is read once a second, dead letters every two. */
const stillMs = 2_500;
const looksMax = 12;
/** Documentation is read over slow lines, too. */
const bytesMax = 200_000;

/** Opens the page of a picture; what it draws over time begins here. */
export async function openSitting(
  browser: Browser,
  base: string,
  picture: Picture,
): Promise<Sitting> {
  const { name, hash, options, click } = picture;
  const opened = await openPage(browser, `${base}/${hash}`, options);
  const { page, faults } = opened;
  await page.waitForSelector("[role=status][data-phase=live]");
  return {
    async take(folder) {
      if (click !== undefined) await page.click(click);
      // Where parts stand is told from the upper edge of what is seen.
      await page.evaluate("scrollTo(0, 0)");
      await standStill(page);
      if (faults.length > 0) throw new Error(`Cannot take ${name}: the page said ${faults.join()}`);
      const file = join(folder, `${name}.png`);
      const part = await partOf(page, picture);
      const { length: bytes } = await page.screenshot({ path: file, ...part });
      if (bytes <= bytesMax) return { file, bytes };
      throw new Error(
        `Cannot take ${name}: it must have up to ${bytesMax} bytes: current value is ${bytes}`,
      );
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

async function standStill(page: Page): Promise<void> {
  let before: string | null = null;
  for (let look = 0; look < looksMax; look++) {
    const now = await page.textContent("main");
    if (now === before) return;
    before = now;
    await Bun.sleep(stillMs);
  }
  throw new Error(`Cannot take a picture: the page changed at each of ${looksMax} looks`);
}

/** As wide as the screen; the whole page is drawn, so that parts need not fit on it. */
async function partOf(page: Page, { parts, options }: Picture) {
  if (parts === undefined) return {};
  const boxes = await Promise.all(
    parts
      .flatMap((part) => [page.locator(part).first(), page.locator(part).last()])
      .map((each) => each.boundingBox()),
  );
  const edges = boxes.flatMap((box) => (box === null ? [] : [box.y, box.y + box.height]));
  if (edges.length === 0) throw new Error(`Cannot take a picture: the page has no ${parts.join()}`);
  const y = Math.max(0, Math.min(...edges) - marginPx);
  const height = Math.max(...edges) + marginPx - y;
  return { fullPage: true, clip: { x: 0, y, width: options.viewport?.width ?? 0, height } };
}
