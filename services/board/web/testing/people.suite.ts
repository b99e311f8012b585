import { expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { until } from "../../../../lib/testing/until.ts";
import { barriers } from "./axe.ts";
import type { OpenPage } from "./open-page.ts";

/** Opens the page of the board under test at an address behind the `#`. */
export type Open = (hash: string, options?: BrowserContextOptions) => Promise<OpenPage>;

const colorSchemes = ["light", "dark"] as const;

/** Run in the page: what has the focus, and whether one sees that it has. */
const focused = "document.activeElement.name || document.activeElement.textContent";
const outlined = "getComputedStyle(document.activeElement).outlineStyle !== 'none'";

/** What holds for people before any board, whatever it has: languages, colours, screens, keyboard, screen readers. */
export function peopleSuite(open: Open): void {
  test("content is there within a second, and nothing goes wrong", async () => {
    await using opened = await open("#/");
    const { page, faults } = opened;
    await settled(page);
    const paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime";
    const firstMs = await until("the first paint", () => page.evaluate(paint) as Promise<number>);
    expect(firstMs).toBeLessThan(1_000);
    expect(faults).toEqual([]);
  });

  test("axe finds no serious barrier on any view, in light and in dark", async () => {
    for (const colorScheme of colorSchemes) {
      await using opened = await open("#/", { colorScheme });
      for (const view of await views(opened.page)) {
        await go(opened.page, view);
        expect([view, ...(await barriers(opened.page))]).toEqual([view]);
      }
      expect(opened.faults).toEqual([]);
    }
  });

  test("nothing scrolls sideways on a small phone nor at 200 % zoom, in either language", async () => {
    for (const locale of ["es-GT", "en-US"]) {
      for (const width of [320, 360, 640]) {
        await using opened = await open("#/", { locale, viewport: { width, height: 720 } });
        for (const view of await views(opened.page)) {
          await go(opened.page, view);
          const seen = await opened.page.evaluate("document.documentElement.scrollWidth");
          expect([locale, view, seen]).toEqual([locale, view, width]);
        }
      }
    }
  });

  test("the language is the browser's, can be chosen, and is kept", async () => {
    await using opened = await open("#/", { locale: "es-GT" });
    const { page } = opened;
    await settled(page);
    const seen = async () => [
      await page.getAttribute("html", "lang"),
      await page.textContent("nav a"),
      await page.textContent("[role=status]"),
    ];
    expect(await seen()).toEqual(["es", "INICIO", "En vivo"]);
    await page.selectOption("select[name=language]", "en");
    expect(await seen()).toEqual(["en", "HOME", "Live"]);
    await page.reload();
    await settled(page);
    expect(await seen()).toEqual(["en", "HOME", "Live"]);
  });

  test("colours are the system's, can be chosen, and are kept", async () => {
    await using opened = await open("#/", { colorScheme: "dark" });
    const { page } = opened;
    await settled(page);
    const paper = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const dark = await paper();
    await page.selectOption("select[name=theme]", "light");
    const light = await paper();
    expect(light).not.toBe(dark);
    await page.emulateMedia({ colorScheme: "light" });
    await page.selectOption("select[name=theme]", "dark");
    expect(await paper()).toBe(dark);
    await page.reload();
    await settled(page);
    expect(await paper()).toBe(dark);
    await page.selectOption("select[name=theme]", "system");
    expect(await paper()).toBe(light);
  });

  test("the keyboard reaches everything in the order of reading, and is nowhere trapped", async () => {
    await using opened = await open("#/");
    const { page } = opened;
    await settled(page);
    const links = await page.locator("nav a").allTextContents();
    const stops: unknown[] = [];
    for (let stop = 0; stop < links.length + 3; stop++) {
      await page.keyboard.press("Tab");
      stops.push(await page.evaluate(focused));
      expect(await page.evaluate(outlined)).toBe(true);
    }
    expect(stops).toEqual(["Skip to content", ...links, "language", "theme"]);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement === document.body")).toBe(true);
  });

  test("who skips, and who goes elsewhere, goes on at the heading", async () => {
    await using opened = await open("#/");
    const { page } = opened;
    await settled(page);
    const place = () => page.evaluate("document.activeElement.tagName");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await place()).toBe("H1");
    const last = page.locator("nav a").last();
    await last.focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("h1:focus");
    expect(await last.getAttribute("aria-current")).toBe("page");
  });

  test("nothing moves, for those who asked for less of it and for all others", async () => {
    for (const reducedMotion of ["reduce", "no-preference"] as const) {
      await using opened = await open("#/", { reducedMotion });
      await settled(opened.page);
      expect(await opened.page.evaluate("document.getAnimations().length")).toBe(0);
    }
  });
}

/** Waits until a page shows what the board said. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('[role=status][data-phase="live"]');
  await page.waitForSelector("main:not(:has([aria-busy=true])) table");
}

/** Goes to a view, and waits until it stands there. */
async function go(page: Page, hash: string): Promise<void> {
  await page.click(`nav a[href="${hash}"]`);
  await page.waitForSelector(`nav a[href="${hash}"][aria-current]`);
  await settled(page);
}

/** The addresses behind the `#` of all views. */
async function views(page: Page): Promise<readonly string[]> {
  await settled(page);
  const links = await page.locator("nav a").all();
  const found = await Promise.all(links.map(async (a) => (await a.getAttribute("href")) ?? ""));
  expect(found.length).toBeGreaterThan(1);
  return found;
}
