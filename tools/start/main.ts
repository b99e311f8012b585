import { resolve } from "node:path";
import { ensurePage } from "../page/ensure-page.ts";

/* npm start: laptop mode, with the page built first where it is not there yet. */
await ensurePage({
  root: resolve(import.meta.dir, "..", ".."),
  say: (line) => void process.stderr.write(`${line}\n`),
});
await import("../../services/all-in-one/main.ts");
