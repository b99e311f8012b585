import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { laptopFiles } from "../../lib/laptop-files.ts";
import { until } from "../../lib/testing/until.ts";
import { start, tweet } from "../../services/all-in-one/testing/laptop.ts";
import { freePort } from "../../tools/parts/ports.ts";
import { goodBody, laptopWith } from "../testing/laptop-letters.ts";
import { jsonLines, run } from "../testing/run.ts";

async function laptopEnv(dataDir: string) {
  return { PORT: `${await freePort()}`, GRPC_PORT: `${await freePort()}`, DATA_DIR: dataDir };
}

test("audit of a folder names what is in flight, and closes once laptop mode has folded it", async () => {
  using place = await laptopWith([{}]);
  await place.publish("kafka", goodBody);
  const audit = (...args: readonly string[]) =>
    run("audit", ["--data-dir", place.dataDir, "--pipeline", "clima-app", ...args], {});
  const open = await audit();
  expect(open.code).toBe(1);
  expect(open.out).toContain("clima-app does not close");
  expect(open.out).toContain("! kafka: 1 still in flight");
  {
    await using laptop = await start(await laptopEnv(place.dataDir));
    expect((await laptop.post(tweet)).status).toBe(200);
    await until("empty lanes", async () => (await laptop.ledger()).inFlight === 0);
    laptop.child.kill("SIGTERM");
    await laptop.child.exited;
  }
  const closed = await audit();
  expect([closed.code, closed.err]).toEqual([0, ""]);
  expect(closed.out).toMatch(/^clima-app closes: 2 events stored\nLANE +PUBLISHED +APPLIED/);
  const [line] = jsonLines((await audit("--json")).out);
  expect(line).toMatchObject({
    ...{ pipeline: "clima-app", closes: true, differences: [], waiting: { kafka: 1, rabbit: 0 } },
    ledger: { accepted: 3, stored: 2, duplicates: 1 },
  });
}, 30_000);

test("audit names a difference between what a lane had and what the store counted", async () => {
  using place = await laptopWith([]);
  {
    await using laptop = await start(await laptopEnv(place.dataDir));
    expect((await laptop.post(tweet)).status).toBe(200);
    await until("empty lanes", async () => (await laptop.ledger()).inFlight === 0);
    laptop.child.kill("SIGTERM");
    await laptop.child.exited;
  }
  const database = new Database(laptopFiles(place.dataDir).store("clima-app"));
  database.run("UPDATE ledger SET count = count + 2 WHERE lane = 'kafka' AND name = 'applied'");
  database.close();
  const audit = await run("audit", ["--data-dir", place.dataDir], {});
  expect(audit.code).toBe(1);
  expect(audit.out).toContain("! kafka: 2 counted that the lane never had");
  expect(audit.out).toContain("votaciones closes: 0 events stored");
}, 30_000);

test("audit asks a board, and says where it does not answer", async () => {
  using place = await laptopWith([{}]);
  const env = await laptopEnv(place.dataDir);
  const board = `http://127.0.0.1:${env.PORT}`;
  {
    await using laptop = await start(env);
    expect((await laptop.post(tweet)).status).toBe(200);
    const asked = await run("audit", ["--board", board, "--wait", "10s"], {});
    expect([asked.code, asked.err]).toEqual([0, ""]);
    expect(asked.out).toContain("clima-app closes: 1 events stored");
    expect(asked.out).toContain("votaciones closes");
    expect(asked.out).toContain(`Read from the board at ${board}/.`);
  }
  const away = await run("audit", ["--board", board], {});
  expect([away.code, away.err]).toEqual([1, expect.stringContaining("does not answer")]);
}, 30_000);

test("audit that knows no place, or cannot be understood, says so", async () => {
  const cwd = { RUN_DIR: "/nowhere", DATA_DIR: "/nowhere" };
  const lost = await run("audit", [], cwd);
  expect([lost.code, lost.err]).toEqual([1, expect.stringContaining("Cannot find brokers")]);
  for (const args of [
    ["--wait", "long"],
    ["--board", "ftp://x"],
    ["--board", "x", "--data-dir", "y"],
    ["--pipeline", "other"],
    ["please"],
  ]) {
    const { code, err } = await run("audit", args, {});
    expect([args, code, err]).toEqual([args, 2, expect.stringContaining("--help tells more.")]);
  }
  const help = await run("audit", ["--help"], {});
  expect([help.code, help.out]).toEqual([0, expect.stringContaining("bun run audit")]);
}, 30_000);
