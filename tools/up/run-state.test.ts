import { expect, test } from "bun:test";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { down } from "./down.ts";
import { readState, removeRun, supervisorOf, writeState } from "./run-state.ts";

const starting = { phase: "starting", containers: false, keep: false } as const;

function runFolder() {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-"));
  mkdirSync(join(dir, "data"));
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

/** A process that leads a group of its own, as our children do. */
function sleeper() {
  const child = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const exited = new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
  return { exited, entry: { name: "sleeper", pid: child.pid ?? 0, ports: {} } };
}

test("the state names its living supervisor", () => {
  using run = runFolder();
  expect(supervisorOf(run.dir)).toBeUndefined();
  writeState(run.dir, starting, []);
  expect(supervisorOf(run.dir)?.pid).toBe(process.pid);
});

test("a supervisor whose pid belongs to another process by now is dead", () => {
  using run = runFolder();
  writeState(run.dir, starting, []);
  const state = readState(run.dir);
  writeFileSync(join(run.dir, "state.json"), JSON.stringify({ ...state, startTicks: 1 }));
  expect(supervisorOf(run.dir)).toBeUndefined();
});

test("down ends what a killed supervisor left, and removes the folder", async () => {
  using run = runFolder();
  const { exited, entry } = sleeper();
  writeState(run.dir, starting, [entry]);
  const state = readState(run.dir);
  writeFileSync(join(run.dir, "state.json"), JSON.stringify({ ...state, startTicks: 1 }));
  expect(await down(run.dir, run.dir)).toStartWith(`Ended process ${process.pid}`);
  expect(await exited).toBe("SIGKILL");
  expect(existsSync(run.dir)).toBe(false);
});

test("down without anything to end says so", async () => {
  using run = runFolder();
  expect(await down(run.dir, run.dir)).toBe("Nothing runs here.");
});

test("data that is to be kept outlives the rest of a run", () => {
  using run = runFolder();
  writeState(run.dir, starting, []);
  removeRun(run.dir, true);
  expect(existsSync(join(run.dir, "data"))).toBe(true);
  expect(existsSync(join(run.dir, "state.json"))).toBe(false);
  removeRun(run.dir, false);
  expect(existsSync(run.dir)).toBe(false);
});
