import { embeddedStore } from "../embedded/embedded-store.ts";
import { climaEvent } from "./clima-events.ts";
import { idAt, rangeBatch } from "./fold-events.ts";

/** A process that applies batch after batch to the file of its first argument and tells each cursor, until it dies. */
if (import.meta.main) {
  const [file = "", start = "0"] = process.argv.slice(2);
  const store = embeddedStore({ file });
  const tweet = { municipality: 2, temperature: 20, humidity: 50, weather: 1 };
  for (let from = Number(start); ; from += 20) {
    const events = Array.from({ length: 20 }, () => climaEvent(idAt(Date.now()), tweet));
    await store.apply(rangeBatch(from, events));
    process.stdout.write(`${from + 20}\n`);
  }
}
