import type { BrowserContextOptions } from "playwright-core";

/** A picture of the page. */
export interface Picture {
  /** The file's name, without its end. */
  readonly name: string;
  /** The view, behind the `#`. */
  readonly hash: string;
  /** Whose browser it is: language, colours, screen. */
  readonly options: BrowserContextOptions;
  /** The elements that it shows, from the upper edge of the first to the lower edge of the last. @default the screen */
  readonly parts?: readonly string[];
  /** What is clicked before. */
  readonly click?: string;
}

const desktop = { viewport: { width: 1_280, height: 920 }, colorScheme: "light" } as const;
const night = { ...desktop, colorScheme: "dark" } as const;
const phone = { viewport: { width: 390, height: 844 }, locale: "es-GT" } as const;

/** All pictures of the documentation. */
export const pictures: readonly Picture[] = [
  { name: "votaciones-log", hash: "#/", options: desktop },
  { name: "votaciones-bands", hash: "#/votaciones", options: desktop, parts: [".card.counts"] },
  {
    name: "clima-app-dark",
    hash: "#/clima-app",
    options: night,
    parts: [".card.counts", ".card.averages"],
  },
  { name: "ledger", hash: "#/clima-app", options: desktop, parts: ["header", ".card:has(.flow)"] },
  {
    name: "dead-letters",
    hash: "#/clima-app",
    options: desktop,
    parts: [".card:has(.letters)"],
    click: ".letters summary",
  },
  { name: "votaciones-log-phone-es", hash: "#/", options: phone },
  {
    name: "votaciones-bands-phone-es",
    hash: "#/votaciones",
    options: phone,
    parts: [".card:has(.pie)"],
  },
];
