import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkInvariants, type Evidence } from "./check-invariants.ts";
import { invariants } from "./fault.ts";
import { clientLedger, type Outcome } from "./instrument/client-ledger.ts";

/** What was seen of three events, each with its outcomes, where all is well; `changes` are what is not. */
function evidence(outcomes: Readonly<Record<string, readonly Outcome[]>>) {
  const dir = mkdtempSync(join(tmpdir(), "invariants-"));
  const ledger = clientLedger(join(dir, "ledger.jsonl"));
  for (const [key, all] of Object.entries(outcomes)) {
    ledger.sending({ key, target: "both", sentAtMs: 1, body: "{}", effects: [] });
    for (const outcome of all) ledger.heard(key, { outcome, status: 0, latencyMs: 1 });
  }
  const good: Evidence = {
    ledger,
    resent: 1,
    claimed: new Set(["a", "b"]),
    inTopic: new Set(["a", "b"]),
    inLog: undefined,
    differences: {},
    counts: new Map(),
    drainedMs: 100,
    left: undefined,
    processes: { mostMib: new Map([["api", 100]]), samples: new Map(), unhandled: [] },
    exits: [],
    recoveryMs: 500,
    recoverMaxMs: 30_000,
    setBack: [],
    order: { acked: 10, lost: 0, misplaced: 0 },
  };
  return {
    failing: (changes: Partial<Evidence>) =>
      checkInvariants({ ...good, ...changes })
        .filter(({ holds }) => holds === false)
        .map(({ invariant }) => invariant),
    checked: (changes: Partial<Evidence>) => checkInvariants({ ...good, ...changes }),
    [Symbol.dispose]: () => {
      ledger[Symbol.dispose]();
      rmSync(dir, { recursive: true });
    },
  };
}

const usual = { a: ["acked"], b: ["unknown", "acked"], c: ["refused"] } as const;

test("all of them hold where all is well", () => {
  using seen = evidence(usual);
  expect(seen.checked({}).map(({ holds }) => holds)).toEqual(invariants.map(() => true));
});

test.each([
  ["I1", { claimed: new Set(["b"]) }],
  ["I1", { inTopic: new Set(["a"]) }],
  ["I2", { differences: { total: 1 } }],
  ["I2", { inLog: ["a", "b", "b"] }],
  ["I2", { inLog: ["a"] }],
  ["I3", { claimed: new Set(["a", "b", "c"]) }],
  ["I3", { inTopic: new Set(["a", "b", "c"]) }],
  ["I5", { left: { kafka: 0, rabbit: 3 } }],
  ["I6", { exits: ["clima-app-api: 1"] }],
  ["I6", { processes: { mostMib: new Map([["api", 9_999]]), samples: new Map(), unhandled: [] } }],
  ["I6", { processes: { mostMib: new Map(), samples: new Map(), unhandled: ["unhandled"] } }],
  ["I7", { recoveryMs: undefined }],
  ["I8", { setBack: ["mixco: b → a"] }],
  ["I9", { order: { acked: 10, lost: 0, misplaced: 1 } }],
  ["I9", { order: { acked: 10, lost: 1, misplaced: 0 } }],
] as [string, Partial<Evidence>][])("%s alone does not hold with %o", (invariant, changes) => {
  using seen = evidence(usual);
  expect(seen.failing(changes)).toEqual([invariant] as never);
});

test("I4 does not hold where an unknown event is refused or unknown after its repeats", () => {
  using refused = evidence({ ...usual, b: ["unknown", "refused"] });
  expect(refused.failing({})).toEqual(["I4"]);
  using unknown = evidence({ ...usual, b: ["unknown"] });
  expect(unknown.failing({})).toEqual(["I4"]);
});

test("what there is nothing to hold against is never passed", () => {
  using seen = evidence({ a: ["acked"] });
  const checked = seen.checked({ resent: 0, setBack: undefined, order: undefined });
  const open = checked.filter(({ holds }) => holds === undefined);
  expect(open.map(({ invariant }) => invariant)).toEqual(["I3", "I4", "I8", "I9"]);
});
