import { expect, test } from "bun:test";
import { runProgram, succeed } from "./run-program.ts";

test("runProgram() returns what was printed and the exit code", async () => {
  const command = ["sh", "-c", "cat; echo no >&2; exit 3"];
  expect(await runProgram({ command, timeoutMs: 5_000, input: "yes" })).toEqual({
    code: 3,
    stdout: "yes",
    stderr: "no\n",
  });
});

test("runProgram() ends a program whose time is over", async () => {
  const { code } = await runProgram({ command: ["sleep", "60"], timeoutMs: 50 });
  expect(code).toBeUndefined();
});

test("succeed() throws with what the program said", async () => {
  const command = ["sh", "-c", "echo refused >&2; exit 1"];
  await expect(succeed({ command, timeoutMs: 5_000 })).rejects.toThrow(
    "Cannot run sh -c echo refused >&2; exit 1: code 1: refused",
  );
});
