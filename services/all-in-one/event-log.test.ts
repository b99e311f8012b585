import { expect, test } from "bun:test";
import { join } from "node:path";
import { embeddedLog } from "../../lib/store/embedded/embedded-log.ts";
import { until } from "../../lib/testing/until.ts";
import { place, start } from "./testing/laptop.ts";

const vote = { name: "Soda Stereo", album: "Canción Animal", year: "1990", rank: "3" };

test("a vote stands in the log once, under its id and its date, also over kill -9", async () => {
  using at = await place();
  const file = join(at.env.DATA_DIR, "votaciones-log.sqlite");
  const id = Bun.randomUUIDv7();
  for (const path of ["/rust/send_data", "/grpc/insert"]) {
    await using laptop = await start(at.env);
    const reply = await fetch(`${laptop.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": id },
      body: JSON.stringify(vote),
    });
    expect(reply.status).toBe(200);
    const ledger = async () =>
      (await (await fetch(`${laptop.url}/api/votaciones/ledger`)).json()) as { inFlight: number };
    await until("the lane to be drained", async () => (await ledger()).inFlight === 0);
    await using log = embeddedLog({ file });
    await until("the vote", async () => (await log.newest(10)).length > 0);
  }
  await using log = embeddedLog({ file });
  const date = new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
  expect(await log.newest(10)).toEqual([{ id, date, record: vote }]);
}, 30_000);
