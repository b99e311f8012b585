import { expect, test } from "bun:test";
import { crdsIn } from "./fetch-crds.ts";

const crd = (name: string) =>
  `kind: CustomResourceDefinition\nmetadata:\n  name: ${name}\nspec:\n  group: keda.sh\n`;

test("crdsIn() reads every schema of a file, and nothing else in it", () => {
  const text = ["---", crd("a.keda.sh"), "---", "kind: Role", "---", crd("b.keda.sh")].join("\n");
  const names = crdsIn(text, "crds.yaml").map(({ metadata }) => metadata.name);
  expect(names).toEqual(["a.keda.sh", "b.keda.sh"]);
});

test("crdsIn() refuses a file without a schema", () => {
  expect(() => crdsIn("kind: Role\n", "role.yaml")).toThrow(
    "Cannot read schemas: there are none: current value is role.yaml",
  );
});
