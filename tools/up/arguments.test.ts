import { expect, test } from "bun:test";
import { pipelines } from "../../pipelines/all.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { readArguments } from "./arguments.ts";

test("up takes whichever way of running servers the machine can do", () => {
  expect(readArguments(["up"])).toEqual({
    command: "up",
    detach: false,
    keep: false,
    pipelines,
    containers: undefined,
  });
});

test("--local and --containers decide, and exclude each other", () => {
  expect(readArguments(["up", "--local"]).containers).toBe(false);
  expect(readArguments(["up", "--containers"]).containers).toBe(true);
  expect(() => readArguments(["up", "--local", "--containers"])).toThrow("choose --local");
});

test("--help wins, and no command means help", () => {
  expect(readArguments(["up", "--help"]).command).toBe("help");
  expect(readArguments([]).command).toBe("help");
});

test("what is not understood is refused", () => {
  expect(() => readArguments(["sideways"])).toThrow('current value is "sideways"');
  expect(() => readArguments(["up", "--fast"])).toThrow("--fast");
});

test("--pipeline says what runs", () => {
  const some = ["--pipeline", "votaciones", "--pipeline", "clima-app"];
  expect(readArguments(["up", ...some]).pipelines).toEqual([votaciones, climaApp]);
  expect(() => readArguments(["up", "--pipeline", "votes"])).toThrow(
    "Cannot start --pipeline votes: it must be one of clima-app, proyecto3, votaciones",
  );
});
