import { expect, test } from "bun:test";
import { until } from "../../lib/testing/until.ts";
import { createProgress } from "./progress.ts";

test("off a terminal every change of a step is a plain line", () => {
  const lines: string[] = [];
  using progress = createProgress({ write: (text) => lines.push(text) });
  progress.onProgress("start kafka", "running", 0);
  progress.onProgress("start kafka", "done", 1_630);
  progress.onProgress("start valkey", "failed", 40);
  expect(lines).toEqual([
    "start kafka ...\n",
    "start kafka: done in 1.6 s\n",
    "start valkey: failed in 0.0 s\n",
  ]);
});

test("on a terminal what runs is one moving line, cut to its width and cleared at the end", async () => {
  const written: string[] = [];
  {
    using progress = createProgress({
      isTTY: true,
      columns: 20,
      write: (text) => written.push(text),
    });
    progress.onProgress("start kafka", "running", 0);
    progress.onProgress("start rabbitmq", "running", 0);
    await until("a frame", () => written.length > 0);
  }
  expect(written[0]).toStartWith("\r\x1b[K");
  expect(written[0]?.slice(4)).toMatch(/^. start kafka 0\.\d s$/u);
  expect(written.at(-1)).toBe("\r\x1b[K");
});
