import { expect, test } from "bun:test";
import { help, readArguments } from "./arguments.ts";

const services = ["board", "relay"];

test("without options every service's image is made, by what is there, without a registry", () => {
  expect(readArguments([], services)).toEqual({
    registry: "",
    services,
    builder: undefined,
    push: false,
  });
});

test("--only takes one or several, each once", () => {
  const args = ["--only", "relay", "--only", "relay"];
  expect(readArguments(args, services)?.services).toEqual(["relay"]);
});

test("--registry and --with are taken as they stand", () => {
  const args = ["--registry", "registry.example:5000/team", "--with", "buildah"];
  expect(readArguments(args, services)).toMatchObject({
    registry: "registry.example:5000/team",
    builder: "buildah",
  });
});

test("--help asks for the text, which names the services", () => {
  expect(readArguments(["--help"], services)).toBeUndefined();
  expect(help(services)).toContain("one of board, relay");
});

test("what is not there is refused by name", () => {
  expect(() => readArguments(["--only", "rely"], services)).toThrow(
    "Cannot use --only: must be one of board, relay: current value is rely",
  );
  expect(() => readArguments(["--push"], services)).toThrow("without --registry");
  expect(() => readArguments(["--registy", "x"], services)).toThrow("--registy");
});
