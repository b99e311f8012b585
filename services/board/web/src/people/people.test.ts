import { expect, test } from "bun:test";
import { es } from "../i18n/es.ts";
import { createFormat, momentOf } from "./format.ts";
import { bestLanguage, localeOf } from "./language.ts";
import { preference } from "./preference.ts";

test("the language is the first of the browser's that the page has, else English", () => {
  expect(bestLanguage(["de-DE", "es-MX", "en"])).toBe("es");
  expect(bestLanguage(["EN-gb", "es"])).toBe("en");
  expect(bestLanguage(["fr"])).toBe("en");
  expect(bestLanguage([])).toBe("en");
});

test("numbers and dates follow the browser's country, else Guatemala's in Spanish", () => {
  expect(localeOf("es", ["en-US", "es-AR"])).toBe("es-AR");
  expect(localeOf("es", ["en-US", "es"])).toBe("es-GT");
  expect(localeOf("en", ["es-GT"])).toBe("en");
});

test("numbers, shares and units are written as people of the locale do", () => {
  const [gt, ar] = [createFormat("es-GT", "UTC"), createFormat("es-AR", "UTC")];
  expect([gt.number(1_234_567), ar.number(1_234_567)]).toEqual(["1,234,567", "1.234.567"]);
  expect(gt.measure(21.456, "°C")).toBe("21.46\u{a0}°C");
  expect(gt.measure(21, "°C", 2)).toBe("21.00\u{a0}°C");
  expect([0.3333, 0.02, 1].map(gt.share)).toEqual(["33.3%", "2.0%", "100.0%"]);
  expect(createFormat("en").compact(12_345)).toBe("12K");
});

test("cells are shown as their column says, and else as they are", () => {
  const { cell } = createFormat("en-US", "UTC");
  const time = { as: "time" } as const;
  expect(cell("2026-11-22T18:30:00.000Z", time)).toMatch(/^Nov 22, 2026, 6:30:00\sPM$/);
  expect(cell(`${Date.UTC(2026, 10, 22)}`, time)).toMatch(/^Nov 22, 2026, 12:00:00\sAM$/);
  expect(cell("yesterday", time)).toBe("yesterday");
  expect(cell("21", { as: "number", unit: "%" })).toBe("21\u{a0}%");
  expect(cell("<b>", {})).toBe("<b>");
  expect(cell(undefined, time)).toBe("");
});

test("a moment beyond what dates can say is none", () => {
  expect(momentOf("1e300")).toBeUndefined();
  expect(momentOf("")).toBeUndefined();
  expect(momentOf(0)).toBe(0);
});

test("a choice is kept, and what was kept but is no choice is forgotten", () => {
  const kept = new Map([["theme", "pink"]]);
  const memory = () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  const theme = preference(memory, "theme", ["light", "dark"]);
  expect(theme.read()).toBeUndefined();
  theme.keep("dark");
  expect(theme.read()).toBe("dark");
});

test("a browser that keeps nothing does no harm", () => {
  const theme = preference(
    () => {
      throw new Error("Cannot keep anything: the browser forbids it");
    },
    "theme",
    ["light"],
  );
  theme.keep("light");
  expect(theme.read()).toBeUndefined();
});

test("no sentence ends in two full stops, whatever a time ends in", () => {
  const since = createFormat("es-GT", "UTC").time(0);
  expect(since).toEndWith("m.");
  const { status, away } = es;
  for (const sentence of [status.retrying(since), status.lost(since), away("logs", since)]) {
    expect(sentence).not.toInclude("..");
  }
});
