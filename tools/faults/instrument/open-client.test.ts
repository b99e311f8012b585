import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../../lib/testing/until.ts";
import { clientLedger, entriesThat } from "./client-ledger.ts";
import { openClient } from "./open-client.ts";
import { resendUnknown } from "./resend.ts";

/** A client in front of a door that answers as `answer` says; counts how many requests wait for their replies. */
function clientAt(answer: (key: string, seen: number) => Promise<number> | number) {
  const seen = new Map<string, number>();
  let waiting = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async ({ headers }) => {
      const key = headers.get("idempotency-key") ?? "";
      seen.set(key, (seen.get(key) ?? 0) + 1);
      waiting += 1;
      const status = await answer(key, seen.get(key) ?? 0);
      waiting -= 1;
      return new Response("{}", { status, headers: { "idempotency-key": key } });
    },
  });
  const dir = mkdtempSync(join(tmpdir(), "open-client-"));
  const ledger = clientLedger(join(dir, "ledger.jsonl"));
  const url = new URL(`http://127.0.0.1:${server.port}/`);
  const next = () => ({ url, body: "{}", effects: [["total", 1] as const] });
  return {
    ledger,
    url,
    seen,
    client: openClient({ ledger, target: "both", next }),
    waiting: () => waiting,
    [Symbol.asyncDispose]: async () => {
      await server.stop(true);
      ledger[Symbol.dispose]();
      rmSync(dir, { recursive: true });
    },
  };
}

test("requests leave when they are due, however long replies take", async () => {
  const release = Promise.withResolvers<number>();
  await using at = clientAt(() => release.promise);
  at.client.start(200);
  await until("many requests without a reply", () => at.waiting() >= 50);
  release.resolve(200);
  await at.client.stop();
  expect(entriesThat(at.ledger, "acked").length).toBe(at.ledger.entries.size);
  expect(at.client.samples.length).toBe(at.ledger.entries.size);
});

test("2xx is acknowledged, 4xx refused, anything else unknown", async () => {
  const statuses = [200, 202, 422, 429, 500, 503];
  await using at = clientAt((key) => Number(key));
  for (const status of statuses) {
    await at.client.send(`${status}`, { url: at.url, body: "{}", effects: [] });
  }
  const outcomes = [...at.ledger.entries.values()].map(({ outcome }) => outcome);
  const expected = ["acked", "acked", "refused", "refused", "unknown", "unknown"] as const;
  expect(outcomes).toEqual([...expected]);
});

test("what is unknown is sent again under its key until it is acknowledged; the rest is not", async () => {
  await using at = clientAt((key, times) => {
    if (key === "refused") return 422;
    return key === "unknown" && times < 4 ? 503 : 200;
  });
  for (const key of ["acked", "refused", "unknown"]) {
    await at.client.send(key, { url: at.url, body: "{}", effects: [] });
  }
  const signal = new AbortController().signal;
  const resent = await resendUnknown(at.ledger, { url: () => at.url, limitMs: 20_000, signal });
  expect(resent).toBe(1);
  expect(Object.fromEntries(at.seen)).toEqual({ acked: 1, refused: 1, unknown: 4 });
  expect(at.ledger.entries.get("unknown")).toMatchObject({ first: "unknown", outcome: "acked" });
});
