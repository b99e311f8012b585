import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientLedger, entriesThat, firstReasons } from "./client-ledger.ts";

function openLedger() {
  const dir = mkdtempSync(join(tmpdir(), "client-ledger-"));
  const ledger = clientLedger(join(dir, "ledger.jsonl"));
  const sending = (key: string) =>
    ledger.sending({ key, target: "both", sentAtMs: 1, body: "{}", effects: [["total", 1]] });
  return {
    ledger,
    sending,
    lines: () =>
      readFileSync(ledger.file, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    [Symbol.dispose]: () => {
      ledger[Symbol.dispose]();
      rmSync(dir, { recursive: true });
    },
  };
}

const heard = { status: 0, latencyMs: 1 };

test("a request stands in the file before its outcome is known", () => {
  using opened = openLedger();
  opened.sending("a");
  expect(opened.lines()).toEqual([{ id: "a", target: "both", sentAtMs: 1 }]);
  opened.ledger.heard("a", { outcome: "acked", status: 200, latencyMs: 12.345, id: "a" });
  expect(opened.lines()[1]).toEqual({ id: "a", outcome: "acked", status: 200, latencyMs: 12.3 });
});

test("what got no reply is unknown", () => {
  using opened = openLedger();
  opened.sending("a");
  expect(entriesThat(opened.ledger, "unknown").map(({ key }) => key)).toEqual(["a"]);
});

test("acknowledged once is acknowledged for good, and unknown outweighs refused", () => {
  using opened = openLedger();
  const { ledger, sending } = opened;
  for (const key of ["a", "b"]) sending(key);
  for (const outcome of ["unknown", "acked", "refused"] as const) {
    ledger.heard("a", { ...heard, outcome });
  }
  for (const outcome of ["refused", "unknown", "refused"] as const) {
    ledger.heard("b", { ...heard, outcome });
  }
  expect([...ledger.entries.values()].map(({ outcome }) => outcome)).toEqual(["acked", "unknown"]);
  expect([...ledger.entries.values()].map(({ first }) => first)).toEqual(["unknown", "refused"]);
});

test("a key that is no id gets the id that its acknowledgement tells", () => {
  using opened = openLedger();
  opened.sending("order-7");
  opened.ledger.heard("order-7", { ...heard, outcome: "acked", id: "the-id" });
  expect(entriesThat(opened.ledger, "acked")[0]?.id).toBe("the-id");
});

test("the reasons of first replies are counted by their kind", () => {
  using opened = openLedger();
  for (const key of ["a", "b", "c"]) {
    opened.sending(key);
    const why = key === "c" ? "503 not confirmed: x" : `429 overloaded: ${key}`;
    opened.ledger.heard(key, { ...heard, outcome: "unknown", why });
    opened.ledger.heard(key, { ...heard, outcome: "acked" });
  }
  expect(firstReasons(opened.ledger)).toEqual(["2 × 429 overloaded", "1 × 503 not confirmed"]);
});
