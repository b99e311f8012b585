import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { laptop } from "../../loadtest/testing/laptop.ts";
import { findChromium, launchChromium } from "../../services/board/web/testing/chromium.ts";
import { ensurePage } from "../page/ensure-page.ts";
import { layForeignMessages } from "./foreign-messages.ts";
import { readOptions, usage } from "./options.ts";
import { pictures } from "./pictures.ts";
import { sendDay } from "./send-day.ts";
import { openSitting } from "./sitting.ts";

const root = resolve(import.meta.dir, "..", "..");

try {
  const options = readOptions(Bun.argv.slice(2));
  if (options === undefined) console.log(usage);
  else await takePictures(resolve(root, options.out));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function takePictures(folder: string): Promise<void> {
  const chromium = findChromium(process.env.CHROMIUM);
  if (chromium === undefined) {
    throw new Error("Cannot open the page: no Chromium is installed; set CHROMIUM to one");
  }
  await ensurePage({ root, say: (line) => console.error(line) });
  mkdirSync(folder, { recursive: true });
  await using server = await laptop(layForeignMessages);
  await using browser = await launchChromium(chromium);
  await using open = new AsyncDisposableStack();
  const sittings = [];
  for (const picture of pictures) {
    sittings.push(open.use(await openSitting(browser, server.url, picture)));
  }
  await sendDay(server.url);
  for (const sitting of sittings) {
    const { file, bytes } = await sitting.take(folder);
    console.log(`${file}: ${Math.round(bytes / 1_000)} KB`);
  }
}
