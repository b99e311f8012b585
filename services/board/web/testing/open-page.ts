import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** A page in a browser of its own memory, and what went wrong in it. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors of the console, of scripts, and violations of the content security policy. */
  readonly faults: readonly string[];
}

const timeoutMs = 10_000;

/** Runs in the page, before anything else does. */
const watchViolations = `addEventListener("securitypolicyviolation", (event) => {
  tellViolation("CSP: " + event.violatedDirective + " forbids " + event.blockedURI);
});`;

/** Opens an address as somebody of this language, colours and screen would. @default English, light, 1280 × 800 */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    locale: "en-US",
    timezoneId: "America/Guatemala",
    viewport: { width: 1_280, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(timeoutMs);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await context.exposeFunction("tellViolation", (what: string) => faults.push(what));
  await context.addInitScript({ content: watchViolations });
  await page.goto(url);
  return { page, faults, [Symbol.asyncDispose]: () => context.close() };
}
