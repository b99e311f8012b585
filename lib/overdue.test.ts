import { expect, test } from "bun:test";
import { whenOverdue } from "./overdue.ts";
import { until } from "./testing/until.ts";

test("what lasts too long is called late, what was over before is not", async () => {
  const late: string[] = [];
  const over = whenOverdue(10, () => late.push("over"));
  whenOverdue(10, () => late.push("lasting"));
  whenOverdue(60_000, () => late.push("patient"));
  over();
  await until("the lasting one to be late", () => late.length > 0);
  expect(late).toEqual(["lasting"]);
});
