import { expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { sumOf } from "../../../../lib/ledger/ledger.ts";
import { barriers } from "./axe.ts";
import type { BoardStandIn } from "./board-stand-in.ts";
import { type Open, settled } from "./people.suite.ts";
import { markup } from "./scripted-board.ts";

/** What the page draws of a board that tests script. */
export function drawingSuite(open: Open, board: () => BoardStandIn): void {
  test("home is the newest 20 of the log, under the names that people know", async () => {
    await using opened = await open("#/");
    const { page } = opened;
    await settled(page);
    expect(await page.title()).toBe("Mongo Last 20 Logs");
    expect(await page.textContent("header .brand")).toBe("K8S-USAC");
    expect(await page.textContent("nav a[href='#/']")).toBe("HOME");
    expect(await texts(page, "main th")).toEqual(["Name", "Album", "Year", "Rank", "Date"]);
    expect(await page.locator("main tbody tr").count()).toBe(20);
    expect(await texts(page, "main tbody tr:nth-child(2) td")).toEqual([
      "Band 1",
      "Dynamo",
      "1992",
      "2",
      expect.stringMatching(/^Nov 22, 2026, 12:29:59\sPM$/),
    ]);
  });

  test("on a phone a record is a paragraph for the eye, and stays a row for screen readers", async () => {
    await using opened = await open("#/", { viewport: { width: 360, height: 720 } });
    const { page } = opened;
    await settled(page);
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const count = (role: string) =>
      nodes.filter((node) => !node.ignored && node.role?.value === role).length;
    expect(["table", "columnheader", "row", "cell"].map(count)).toEqual([1, 5, 21, 100]);
    expect(await barriers(page)).toEqual([]);
  });

  test("what people wrote is text, whatever it says", async () => {
    for (const hash of ["#/", "#/votaciones"]) {
      await using opened = await open(hash);
      const { page, faults } = opened;
      let alerted = false;
      page.on("dialog", (dialog) => {
        alerted = true;
        void dialog.dismiss();
      });
      await settled(page);
      expect(await page.locator("main").innerText()).toContain(markup);
      expect(await page.locator("main img").count()).toBe(0);
      expect([alerted, faults]).toEqual([false, []]);
    }
  });

  test("a weather pipeline has counters, distributions, averages, series and the latest reports", async () => {
    await using opened = await open("#/clima-app");
    const { page } = opened;
    await settled(page);
    const card = (title: string) => page.getByRole("region", { name: title, exact: true });
    expect(await card("Reports").innerText()).toContain("10,203");
    expect(await card("Extremes").innerText()).toMatch(/Coldest\s+-3\s°C/);
    expect(await texts(page, ".bars tbody tr:first-child > *")).toEqual([
      "Mixco",
      "4,000",
      "39.2%",
    ]);
    expect(await card("Distribution by weather").locator("svg.pie-chart path").count()).toBe(4);
    expect(await card("Average temperature").innerText()).toMatch(/Mixco\s+25\s°C/);
    expect(
      await card("Temperature of the latest reports").locator(".line-chart path").count(),
    ).toBe(2);
    expect(await card("Latest reports").locator("tbody tr").count()).toBe(20);
    expect(await card("Dead letters").innerText()).toContain("Unreadable");
    expect(await card("Dead letters").innerText()).toContain("1 waiting");
    expect(await card("Lag").locator("tbody tr").count()).toBe(3);
  });

  test("a distribution shows the twelve largest and sums up the rest", async () => {
    await using opened = await open("#/votaciones");
    const { page } = opened;
    await settled(page);
    const band = page.getByRole("table", { name: "Votes per band" });
    expect(await band.locator("tbody tr").count()).toBe(13);
    expect(await band.locator("tbody tr").last().innerText()).toMatch(/3 others\s+6/);
    expect(await band.locator("tfoot").innerText()).toMatch(/Total\s+135/);
  });

  test("the ledger flows from what was received to what became of it, and says so in a table", async () => {
    await using opened = await open("#/clima-app");
    const { page } = opened;
    await settled(page);
    const flow = page.getByRole("img", { name: "Flow of deliveries" });
    expect(await texts(page, "svg.flow text")).toEqual([
      "Received 20",
      "Kafka 10",
      "RabbitMQ 10",
      "Applied 12",
      "Duplicates 4",
      "Unreadable 1",
      "In flight 3",
    ]);
    expect(await flow.locator(".ribbon").count()).toBe(9);
    const rows = page.getByRole("table", { name: "Deliveries by lane" }).locator("tbody tr");
    expect((await rows.allInnerTexts()).map((row) => row.trim().split(/\s*\t\s*/))).toEqual([
      ["Received", "10", "10", "20"],
      ["Applied", "6", "6", "12"],
      ["Duplicates", "2", "2", "4"],
      ["Unreadable", "1", "0", "1"],
      ["In flight", "1", "2", "3"],
      ["Check", "Closes", "Closes", "Closes"],
    ]);
  });

  test("a ledger without deliveries draws no flow, and says that there is nothing yet", async () => {
    const { ledger } = board().snapshot("votaciones");
    const none = { published: 0, applied: 0, duplicates: 0, deadLettered: 0, inFlight: 0 };
    const lane = { ...none, repeated: 0, proven: true, closes: true };
    board().change("votaciones", { ledger: sumOf({ kafka: lane }) });
    await using opened = await open("#/votaciones");
    const { page } = opened;
    await settled(page);
    const card = page.getByRole("region", { name: "Ledger" });
    expect(await card.innerText()).toContain("Nothing yet.");
    expect(await card.locator("svg.flow").count()).toBe(0);
    board().change("votaciones", { ledger });
    await card.locator("svg.flow").waitFor();
  });

  test("a pipeline without a view shows its counts, and what is away does not blank it", async () => {
    await using opened = await open("#/plain");
    const { page, faults } = opened;
    await settled(page);
    expect(await texts(page, "main h2")).toEqual([
      "total",
      "Ledger",
      "kinds",
      "Lag",
      "Dead letters",
    ]);
    expect(await page.locator("main").innerText()).toContain("No answer from the brokers");
    expect(await page.getByRole("table", { name: "Deliveries" }).innerText()).toContain(
      "Not proven",
    );
    expect(faults).toEqual([]);
  });

  test("an address that leads nowhere says so and leads home", async () => {
    await using opened = await open("#/no-such");
    const { page } = opened;
    await page.waitForSelector("main p a");
    expect(await page.textContent("h1")).toBe("There is no such page");
    expect(await barriers(page)).toEqual([]);
    await page.click("main p a");
    await settled(page);
  });

  test("the page works below any path", async () => {
    await using opened = await open("a/path/#/clima-app");
    await settled(opened.page);
    expect(opened.page.url()).toBe(`${board().url}a/path/#/clima-app`);
    expect(opened.faults).toEqual([]);
  });
}

/** The texts of all elements that a selector finds, blanks trimmed. */
async function texts(page: Page, selector: string): Promise<readonly string[]> {
  const found = await page.locator(selector).allTextContents();
  return found.map((text) => text.trim().replaceAll(/[ \n]+/g, " "));
}
