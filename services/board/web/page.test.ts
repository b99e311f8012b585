import { afterAll, beforeAll, describe, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { freePort } from "../../../tools/parts/ports.ts";
import { parts } from "../../../tools/parts/testing.ts";
import { type BoardStandIn, boardStandIn } from "./testing/board-stand-in.ts";
import { builtPage } from "./testing/built-page.ts";
import { findChromium, launchChromium } from "./testing/chromium.ts";
import { drawingSuite } from "./testing/drawing.suite.ts";
import { liveSuite } from "./testing/live.suite.ts";
import { openPage } from "./testing/open-page.ts";
import { type Open, peopleSuite } from "./testing/people.suite.ts";
import { roomSuite } from "./testing/room.suite.ts";

const named = process.env.CHROMIUM;
const chromium = findChromium(named);

if (parts === undefined && named === undefined) {
  // Skipped because a browser takes a minute, too long for the tests before every commit; `npm test` has them all.
  test.skip("the page in a browser: only by `npm test`, or where CHROMIUM is set", () => {});
} else if (chromium === undefined) {
  process.stderr.write(
    "\n!!! The web page is NOT tried in a browser: no Chromium is installed; set CHROMIUM to one\n\n",
  );
  // Skipped because nothing else draws a page as people see it; `.ci/run` installs a browser.
  test.skip("the page in a browser: there is no Chromium", () => {});
} else {
  // The page waits longer each time that its stream fails.
  setDefaultTimeout(60_000);
  describe("the page in a browser", () => {
    let browser: Browser;
    let board: BoardStandIn;
    const resources = new AsyncDisposableStack();
    beforeAll(async () => {
      const { dir } = resources.use(await builtPage());
      board = resources.use(boardStandIn(dir, await freePort()));
      browser = await launchChromium(chromium);
      resources.defer(() => browser.close());
    });
    afterAll(() => resources.disposeAsync());
    const open: Open = (hash, options) => openPage(browser, `${board.url}${hash}`, options);

    peopleSuite(open);
    drawingSuite(open, () => board);
    liveSuite(open, () => board);
    roomSuite(open, () => board);
  });
}
