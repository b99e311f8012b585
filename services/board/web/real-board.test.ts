import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { serviceProcess } from "../../../lib/testing/service-process.ts";
import { until } from "../../../lib/testing/until.ts";
import { freePort } from "../../../tools/parts/ports.ts";
import { parts } from "../../../tools/parts/testing.ts";
import { buildPage } from "./testing/built-page.ts";
import { findChromium, launchChromium } from "./testing/chromium.ts";
import { openPage } from "./testing/open-page.ts";
import { markup } from "./testing/scripted-board.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const named = process.env.CHROMIUM;
const chromium = findChromium(named);
const main = join(import.meta.dir, "../../all-in-one/main.ts");

const vote = { name: markup, album: "Dynamo", year: "1992", rank: "1" };
const tweet = { municipality: 2, temperature: 25, humidity: 60, weather: 1 };

// `page.test.ts` tells where there is no browser.
describe.skipIf((parts === undefined && named === undefined) || chromium === undefined)(
  "the page of a real board",
  () => {
    setDefaultTimeout(60_000);
    const resources = new AsyncDisposableStack();
    let browser: Browser;
    let env: Readonly<Record<string, string>>;
    let url: string;
    const start = async () => {
      const board = serviceProcess(main, env);
      await until("the board to answer", async () => (await fetch(`${url}api/pipelines`)).ok);
      return board;
    };
    const post = (path: string, body: object) =>
      fetch(`${url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });

    beforeAll(async () => {
      await buildPage();
      browser = await launchChromium(chromium ?? "");
      resources.defer(() => browser.close());
      const { dir } = resources.use(temporaryFolder());
      const [port, grpcPort] = [await freePort(), await freePort()];
      env = { PORT: `${port}`, GRPC_PORT: `${grpcPort}`, DATA_DIR: dir };
      url = `http://127.0.0.1:${port}/`;
    });
    afterAll(() => resources.disposeAsync());

    test("a vote and a tweet are seen as they are stored, also over kill -9", async () => {
      const first = await start();
      await using opened = await openPage(browser, url);
      const { page, faults } = opened;
      await page.waitForSelector("text=Nothing yet.");
      expect((await post("rust/send_data", vote)).status).toBe(200);
      await page.waitForSelector("main tbody tr:nth-child(1)");
      expect(await page.locator("main tbody tr td").first().innerText()).toBe(markup);
      expect(await page.title()).toBe("Mongo Last 20 Logs");

      await page.click("nav a[href='#/clima-app']");
      await page.waitForSelector("[role=status][data-phase=live]");
      expect((await post("clima", tweet)).status).toBe(200);
      await page.waitForSelector('.count:text-is("1")');
      await ledgerRow(page, "Duplicates", /1$/);
      await page.waitForSelector(".figures dd:text-is('Closes')");
      expect(faults).toEqual([]);

      await first[Symbol.asyncDispose]();
      await page.waitForSelector("[role=status][data-phase=lost]", { timeout: 40_000 });
      expect(await page.locator("[role=status]").innerText()).toContain("What you see is from");
      await using _ = await start();
      await page.waitForSelector("[role=status][data-phase=live]", { timeout: 40_000 });
      expect((await post("clima", tweet)).status).toBe(200);
      await page.waitForSelector('.count:text-is("2")');
    });
  },
);

async function ledgerRow(page: Page, name: string, counts: RegExp): Promise<void> {
  const row = page.getByRole("table", { name: "Deliveries by lane" }).getByRole("row", { name });
  await until(`${name} in the ledger`, async () => counts.test((await row.innerText()).trim()));
}
