import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const usualPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The program of an installed Chromium: the one that is named, else one at the usual paths. */
export function findChromium(named: string | undefined): string | undefined {
  return named ?? usualPaths.find((path) => existsSync(path));
}

/** Runs a Chromium that nobody sees. As root it has no sandbox of its own: it opens pages of this machine alone. */
export function launchChromium(executablePath: string): Promise<Browser> {
  const root = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: root ? ["--no-sandbox"] : [] });
}
