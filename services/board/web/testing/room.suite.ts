import { expect, test } from "bun:test";
import type { Page } from "playwright-core";
import type { BoardStandIn } from "./board-stand-in.ts";
import { type Open, settled } from "./people.suite.ts";

const widths = [320, 390, 768, 1_024, 1_280, 1_920];
const places = ["mixco", "guatemala", "amatitlan", "chinautla"];

/** Run in the page: the titles of all cards that something hangs out of. */
const spilling = `[...document.querySelectorAll(".card")]
  .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
  .map((card) => card.querySelector("h2").textContent)`;

/** Run in the page: the names of lines that take more than a line. */
const brokenNames = `[...document.querySelectorAll(".legend th[scope=row] .named")]
  .filter((name) => name.clientHeight > 1.5 * Number.parseFloat(getComputedStyle(name).lineHeight))
  .map(({ textContent }) => textContent.trim())`;

/** Run in the page: the times below each chart with where they begin and end. */
const times = `[...document.querySelectorAll(".line-chart")].map((chart) =>
  [...chart.querySelectorAll("text.x")].map((text) => {
    const { left, right } = text.getBoundingClientRect();
    return { text: text.textContent.trim(), left, right };
  }))`;

/** Whether everything has room, on phones as on wide screens. */
export function roomSuite(open: Open, board: () => BoardStandIn): void {
  const temperatures = (sum: number) => {
    const { state } = board().snapshot("clima-app");
    const stats = places.map((place, index) => [
      `stats:${place}`,
      { count: "3", temperature_sum: `${sum + index}`, humidity_sum: `${2 * sum + index}` },
    ]);
    board().change("clima-app", { state: { ...state, ...Object.fromEntries(stats) } });
  };

  test("at any width nothing hangs out of its card, and the names of lines stay whole", async () => {
    temperatures(-100);
    for (const locale of ["es-GT", "en-US"]) {
      for (const width of widths) {
        await using opened = await open("#/clima-app", {
          locale,
          viewport: { width, height: 800 },
        });
        const { page } = opened;
        await settled(page);
        await page.waitForSelector(".legend tbody tr:nth-child(4)");
        const seen = [await page.evaluate(spilling), await page.evaluate(brokenNames)];
        expect([locale, width, ...seen]).toEqual([locale, width, [], []]);
      }
    }
  });

  test("times below a chart do not touch each other, and none stands there twice", async () => {
    for (const width of widths) {
      await using opened = await open("#/clima-app", {
        locale: "es-GT",
        viewport: { width, height: 800 },
      });
      const { page } = opened;
      await settled(page);
      temperatures(100 + width);
      await page.waitForSelector(".averages path[d*='L']", { state: "attached" });
      for (const labels of await timesOf(page)) {
        expect(new Set(labels.map(({ text }) => text)).size).toBe(labels.length);
        for (const [index, { left }] of labels.slice(1).entries()) {
          expect(left).toBeGreaterThan(labels[index]?.right ?? left);
        }
      }
    }
  });
}

interface Label {
  readonly text: string;
  readonly left: number;
  readonly right: number;
}

async function timesOf(page: Page): Promise<readonly (readonly Label[])[]> {
  const found = (await page.evaluate(times)) as readonly (readonly Label[])[];
  expect(found.length).toBeGreaterThan(2);
  expect(found.every(({ length }) => length > 0)).toBe(true);
  return found;
}
