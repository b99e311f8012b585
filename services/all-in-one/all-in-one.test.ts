import { expect, test } from "bun:test";
import { serviceProcess } from "../../lib/testing/service-process.ts";
import { until } from "../../lib/testing/until.ts";
import { freePort } from "../../tools/parts/ports.ts";
import { main, place, start, tweet } from "./testing/laptop.ts";

const received = { status: "Tweet recibido y publicado ✅" };

test("POST /clima with numbers and with names is stored once each, also over kill -9", async () => {
  using at = await place();
  {
    await using laptop = await start(at.env);
    const replies = [
      await laptop.post(tweet),
      await laptop.post({ ...tweet, municipality: "Amatitlán", weather: "FOGGY" }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(await Promise.all(replies.map((reply) => reply.json()))).toEqual([received, received]);
  }
  await using laptop = await start(at.env);
  expect((await laptop.post(tweet)).status).toBe(200);
  await until("the lanes to be drained", async () => (await laptop.ledger()).inFlight === 0);
  expect(await laptop.state()).toMatchObject({
    total: "3",
    "reports:municipality": { Guatemala: "2", Amatitlán: "1" },
    "reports:weather": { Soleado: "2", Neblinoso: "1" },
    "municipality:guatemala": { name: "Guatemala", temperature: "25", weather: "Soleado" },
  });
  expect(await laptop.ledger()).toMatchObject({
    accepted: 6,
    stored: 3,
    duplicates: 3,
    deadLettered: 0,
    inFlight: 0,
    closes: true,
  });
}, 30_000);

test("what was acknowledged before kill -9 under load is stored exactly once", async () => {
  using at = await place();
  const acknowledged = new Set<string>();
  {
    await using laptop = await start(at.env);
    const user = async () => {
      while (acknowledged.size < 500) {
        const reply = await laptop.post(tweet).catch(() => undefined);
        const id = reply?.headers.get("idempotency-key");
        if (reply?.ok && id) acknowledged.add(id);
        if (reply === undefined) return;
      }
    };
    const users = Array.from({ length: 20 }, user);
    await until("200 acknowledged tweets", () => acknowledged.size >= 200, { everyMs: 1 });
    laptop.child.kill("SIGKILL");
    await Promise.all(users);
  }
  await using laptop = await start(at.env);
  await until("the lanes to be drained", async () => (await laptop.ledger()).inFlight === 0);
  const ids = [...acknowledged];
  const reply = await fetch(`${laptop.url}/api/clima-app/missing`, {
    method: "POST",
    body: JSON.stringify({ ids }),
  });
  expect(await reply.json()).toEqual({ missing: [] });
  const { stored, closes } = await laptop.ledger();
  expect(stored).toBeGreaterThanOrEqual(ids.length);
  expect(closes).toBe(true);
  expect((await laptop.state()).total).toBe(`${stored}`);
}, 30_000);

test("the same Idempotency-Key has one effect, another body under it none", async () => {
  using at = await place();
  await using laptop = await start(at.env);
  for (const key of ["order-7", Bun.randomUUIDv7()]) {
    const headers = { "idempotency-key": key };
    const replies = [
      await laptop.post(tweet, headers),
      await laptop.post(tweet, headers),
      await laptop.post({ ...tweet, humidity: 61 }, headers),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 422]);
  }
  await until("the lanes to be drained", async () => (await laptop.ledger()).inFlight === 0);
  expect((await laptop.ledger()).stored).toBe(2);
}, 30_000);

test("SIGTERM drains and exits 0", async () => {
  using at = await place();
  await using laptop = await start(at.env);
  const posting = Array.from({ length: 50 }, () => laptop.post(tweet));
  await Promise.all(posting);
  laptop.child.kill("SIGTERM");
  expect(await laptop.child.exited).toBe(0);
  expect(await laptop.output).toContain('"message":"stopped"');
}, 30_000);

test("a configuration that cannot be used exits 78 and names every fault", async () => {
  using at = await place();
  await using laptop = serviceProcess(main, { ...at.env, PORT: "http", IDS_MAX: "1" });
  expect(await laptop.child.exited).toBe(78);
  const output = await laptop.output;
  expect(output).toContain('PORT must be a port: current value is \\"http\\"');
  expect(output).toContain("IDS_MAX must be a whole number from 1000");
}, 30_000);

test("a port that is taken ends the start and is named with the variable that moves it", async () => {
  for (const variable of ["PORT", "GRPC_PORT"] as const) {
    using at = await place();
    using taken = Bun.serve({ port: Number(at.env[variable]), fetch: () => new Response() });
    await using laptop = serviceProcess(main, at.env);
    expect(await laptop.child.exited).toBe(1);
    const output = await laptop.output;
    expect(output).toContain(`Cannot listen on port ${taken.port}`);
    expect(output).toContain(`set ${variable} to a free one`);
  }
}, 30_000);

test("a data folder that another process has open ends the start and is named", async () => {
  using at = await place();
  await using _ = await start(at.env);
  const env = { ...at.env, PORT: `${await freePort()}`, GRPC_PORT: `${await freePort()}` };
  await using second = serviceProcess(main, env);
  expect(await second.child.exited).toBe(1);
  expect(await second.output).toContain(`Cannot open the embedded broker in ${at.env.DATA_DIR}`);
}, 30_000);
