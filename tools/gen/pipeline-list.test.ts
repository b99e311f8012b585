import { expect, test } from "bun:test";
import { exportOf, pipelineList } from "./pipeline-list.ts";

test("exportOf() is the file's name in camel case", () => {
  expect(exportOf("clima-app.ts")).toBe("climaApp");
  expect(exportOf("sales.ts")).toBe("sales");
});

test("pipelineList() lists by name, on lines that stay short", () => {
  const files = ["votes.ts", "clima-app.ts"];
  expect(pipelineList(files)).toContain("[climaApp, votes];");
  const many = Array.from({ length: 9 }, (_, index) => `a-long-name-${index}.ts`);
  expect(pipelineList(many)).toContain("[\n  aLongName0,\n");
});
