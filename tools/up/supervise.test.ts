import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../lib/testing/until.ts";
import { type Child, createChild } from "../parts/child.ts";
import { supervise } from "./supervise.ts";

/** A sleeping child under supervision, and what supervision told. */
async function supervised(command = ["sleep", "60"]) {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-"));
  const child = createChild({ name: "sleeper", dir, command, ready: () => Promise.resolve(true) });
  await child.start();
  const told: string[] = [];
  const ending = new AbortController();
  const note = (what: string) => (_: Child) => void told.push(what);
  const done = supervise(child, ending.signal, {
    onExit: note("exit"),
    onRestart: note("restart"),
    onGiveUp: note("gave up"),
  });
  return {
    child,
    told,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await child.kill();
      await done;
      rmSync(dir, { recursive: true });
    },
  };
}

function killFromOutside({ pid }: Child): number {
  if (pid === undefined) throw new Error("Cannot kill the child: it is down");
  process.kill(pid, "SIGKILL");
  return pid;
}

test("a child that is killed by somebody else is started again", async () => {
  await using run = await supervised();
  const first = killFromOutside(run.child);
  await until("a restart", () => run.told.includes("restart"));
  expect(run.told).toEqual(["exit", "restart"]);
  expect(run.child.pid).not.toBe(first);
  expect(run.child.running).toBe(true);
});

test("a child that was stopped on purpose stays down, and is looked after again once it is started", async () => {
  await using run = await supervised();
  await run.child.stop();
  await run.child.start();
  expect(run.told).toEqual([]);
  killFromOutside(run.child);
  await until("a restart", () => run.told.includes("restart"));
});

test("nothing is started after the end", async () => {
  const run = await supervised();
  await run[Symbol.asyncDispose]();
  expect(run.child.running).toBe(false);
  expect(run.told).toEqual([]);
});
