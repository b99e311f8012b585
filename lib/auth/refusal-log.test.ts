import { expect, test } from "bun:test";
import { until } from "../testing/until.ts";
import { refusalLog } from "./refusal-log.ts";
import { keptLog } from "./testing/keys.ts";

const unknown = { client: undefined, reason: "unknown-key", door: "clima-app POST /clima" };
const traits = () => ({ remote: "192.0.2.7", keyHint: "0123abcd" });

test("many refusals of one kind are one line a second, with how many there were", async () => {
  const { lines, log } = keptLog();
  using refusals = refusalLog(log, 50);
  let asked = 0;
  for (let time = 0; time < 5_000; time += 1) {
    refusals.add(unknown, () => {
      asked += 1;
      return traits();
    });
  }
  refusals.add({ ...unknown, client: "web", reason: "expired" }, traits);
  expect(lines).toEqual([]);
  await until("the lines", () => lines.length === 2);
  expect(asked).toBe(1);
  const told = { level: "warn", message: "refused at the door", door: unknown.door, ...traits() };
  expect(lines).toMatchObject([
    { ...told, client: "unknown", reason: "unknown-key", count: 5_000 },
    { ...told, client: "web", reason: "expired", count: 1 },
  ]);
  refusals.add(unknown, traits);
  await until("the next line", () => lines.length === 3);
  expect(lines[2]).toMatchObject({ count: 1 });
});

test("beyond a hundred kinds in a second the rest are summed up, and the end tells all", () => {
  const { lines, log } = keptLog();
  const refusals = refusalLog(log);
  for (let time = 0; time < 3; time += 1) {
    for (let client = 0; client < 1_000; client += 1) {
      refusals.add({ ...unknown, client: `client-${client}`, reason: "expired" }, traits);
    }
  }
  refusals[Symbol.dispose]();
  expect(lines).toHaveLength(101);
  expect(lines[0]).toMatchObject({ client: "client-0", count: 3 });
  expect(lines[100]).toMatchObject({ message: "refused at the door, of many more kinds" });
  expect(lines.reduce((sum, { count }) => sum + Number(count), 0)).toBe(3_000);
});
