import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { tempDir } from "../testing/temp-dir.ts";
import { embeddedStore } from "./embedded-store.ts";

const rounds = 6;
const writer = Bun.fileURLToPath(import.meta.resolve("../testing/endless-writer.ts"));

/** Lets a process write until it has told at least `cursors` cursors, kills it, and returns the last one it told. */
async function killedWriter(file: string, start: number, cursors: number): Promise<number> {
  const child = Bun.spawn([process.execPath, writer, file, String(start)], {
    stdout: "pipe",
    stderr: "inherit",
  });
  let told = start;
  let count = 0;
  let rest = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    told = Number(lines.at(-1) ?? told);
    count += lines.length;
    if (count >= cursors) child.kill("SIGKILL");
  }
  await child.exited;
  return told;
}

test("a killed process leaves all of what it told and no part of a batch", async () => {
  using dir = tempDir();
  const file = join(dir.path, "store.db");
  let start = 0;
  for (let round = 0; round < rounds; round++) {
    const told = await killedWriter(file, start, 5 + 7 * round);
    await using store = embeddedStore({ file });
    const { keys, lanes, cursors } = await store.read({
      keys: [
        { key: "total", kind: "value" },
        { key: "stats:guatemala", kind: "hash" },
      ],
    });
    const cursor = cursors.get("topic/0") ?? 0;
    expect(told).toBeGreaterThan(start);
    expect(cursor).toBeGreaterThanOrEqual(told);
    expect(keys[0]).toBe(String(cursor));
    expect(keys[1]).toMatchObject({ count: String(cursor), temperature_sum: String(20 * cursor) });
    expect(lanes.kafka).toMatchObject({ applied: cursor, duplicate: 0 });
    using database = new Database(file, { readonly: true });
    expect(database.query("SELECT count(*) AS ids FROM ids").get()).toEqual({ ids: cursor });
    expect(database.query("PRAGMA quick_check").get()).toEqual({ quick_check: "ok" });
    start = cursor;
  }
}, 60_000);
