import { expect, test } from "bun:test";
import { allFaults } from "./all-faults.ts";
import { readArguments } from "./arguments.ts";
import { chosenTrials } from "./chosen-trials.ts";
import { listLines } from "./list.ts";
import { notProduced } from "./not-produced.ts";
import { commandOf, pageOf } from "./page.ts";

const everyNumber = Array.from({ length: 34 }, (_, index) => index + 1);

test("every fault of the list is produced, or named with the reason why not", () => {
  const produced = new Set(allFaults.flatMap(({ numbers }) => numbers));
  const named = new Set(notProduced.map(({ number }) => number));
  expect(everyNumber.filter((each) => !produced.has(each) && !named.has(each))).toEqual([]);
  expect(everyNumber.filter((each) => !produced.has(each))).toEqual([2, 8]);
});

test("each has a name of its own, and is tried under every policy or says why not", () => {
  const names = allFaults.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, targets, notWith } of allFaults) {
    const all = ["kafka", "rabbit", "both"].every((each) => targets.some((one) => one === each));
    expect([name, all || notWith !== undefined]).toEqual([name, true]);
  }
});

test("the short form tries what the whole tries", () => {
  for (const { name, short = [], targets } of allFaults) {
    expect([name, short.filter((each) => !targets.includes(each))]).toEqual([name, []]);
  }
});

test("a fault is chosen by its number or its name, under the policies that are asked for", () => {
  type Choice = Partial<Parameters<typeof chosenTrials>[1]>;
  const chosen = (choice: Choice) =>
    chosenTrials(allFaults, { faults: [], targets: [], short: false, ...choice }).map(
      ({ fault, target }) => `${fault.name} ${target}`,
    );
  expect(chosen({ faults: ["10"], targets: ["kafka"] })).toEqual(["kafka-killed kafka"]);
  const underAll = ["kafka-killed kafka", "kafka-killed rabbit", "kafka-killed both"];
  expect(chosen({ faults: ["kafka-killed"] })).toEqual(underAll);
  expect(() => chosen({ faults: ["99"] })).toThrow("Cannot find a fault");
  expect(() => chosen({ faults: ["1"], targets: ["random"] })).toThrow("Cannot try anything");
});

test("the list and the page name what is not produced", () => {
  const list = listLines(allFaults).join("\n");
  const page = pageOf([], { command: "bun run faults", date: new Date(0), tookMs: 60_000 });
  for (const { why } of notProduced) {
    expect(list).toContain(why);
    expect(page).toContain(why);
  }
});

test("the page's command is one that anybody can give: without files of a machine", () => {
  const args = readArguments(["--page", "--json", "rows.json", "--fault", "10", "--short"]);
  expect(args && commandOf(args)).toBe("bun run faults --page --fault 10 --short");
});
