import { expect, test } from "bun:test";
import type { LaneReport as Lane, Ledger } from "../../../../../lib/ledger/ledger.ts";
import { layoutFlow } from "./flow-layout.ts";
import { outcomesOf } from "./outcomes.ts";

const lane: Lane = {
  published: 0,
  applied: 0,
  duplicates: 0,
  deadLettered: 0,
  inFlight: 0,
  repeated: 0,
  proven: true,
  closes: true,
};

function ledger(lanes: Readonly<Record<string, Partial<Lane>>>): Ledger {
  const whole = Object.entries(lanes).map(([name, counts]) => [name, { ...lane, ...counts }]);
  const accepted = Object.values(lanes).reduce((sum, { published = 0 }) => sum + published, 0);
  return {
    accepted,
    stored: 0,
    duplicates: 0,
    deadLettered: 0,
    inFlight: 0,
    closes: true,
    lanes: Object.fromEntries(whole),
  };
}

const both = ledger({
  kafka: { published: 1_000_000, applied: 999_000, duplicates: 999, deadLettered: 1 },
  rabbit: { published: 1_000_000, duplicates: 1_000_000 },
});

test("outcomes are counted by lane, and reasons are told apart where the board does", () => {
  expect(outcomesOf(both)).toEqual([
    { outcome: "applied", counts: [999_000, 0] },
    { outcome: "duplicates", counts: [999, 1_000_000] },
    { outcome: "setAside", counts: [1, 0] },
    { outcome: "inFlight", counts: [0, 0] },
  ]);
  const told = ledger({ kafka: { published: 3, deadLettered: 3, aside: { late: 2, refused: 1 } } });
  expect(outcomesOf(told).slice(2, 4)).toEqual([
    { outcome: "refused", counts: [1] },
    { outcome: "late", counts: [2] },
  ]);
});

test("where one lane does not tell its reasons, they are one sum", () => {
  const mixed = ledger({
    kafka: { deadLettered: 2, aside: { late: 2 } },
    rabbit: { deadLettered: 1 },
  });
  expect(outcomesOf(mixed)[2]).toEqual({ outcome: "setAside", counts: [2, 1] });
});

test("every bar has room for its label and stays within the drawing", () => {
  for (const one of [both, ledger({ kafka: {} }), ledger({})]) {
    for (const width of [280, 1_200]) {
      const { received, lanes, outcomes, height } = layoutFlow(one, width);
      for (const column of [[received], lanes, outcomes]) {
        let below = 0;
        for (const node of column) {
          expect(node.y - below).toBeGreaterThanOrEqual(23.9);
          below = node.y + node.height;
        }
        expect(below).toBeLessThanOrEqual(height + 0.1);
      }
    }
  }
});

test("ribbons lead into lanes and from lanes to what became of deliveries; none has no width", () => {
  expect(layoutFlow(both, 600).ribbons.map(({ outcome }) => outcome)).toEqual([
    undefined,
    undefined,
    "applied",
    "duplicates",
    "duplicates",
    "setAside",
  ]);
});

test("a single delivery among millions is seen", () => {
  const node = layoutFlow(both, 600).outcomes.find(({ outcome }) => outcome === "setAside");
  expect([node?.count, node?.height]).toEqual([1, 3]);
});
