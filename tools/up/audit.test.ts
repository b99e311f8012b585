import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jsonLines, run } from "../../cli/testing/run.ts";
import { metricNames } from "../../lib/metrics.ts";
import { until } from "../../lib/testing/until.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { parts } from "../parts/testing.ts";
import { operatorOf, sendToKafka } from "./testing/operator.ts";
import { ownSystem, post } from "./testing/own-system.ts";

const tweet = { municipality: 1, temperature: 25, humidity: 60, weather: 1 };
const vote = { name: "Soda Stereo", album: "Dynamo", year: "1992", rank: "1" };
const sent = 20;
const testMs = 120_000;

describe.skipIf(!parts)("the audit on real servers", () => {
  const system = ownSystem({ pipelines: [climaApp, votaciones] });
  const tweets = operatorOf(system, climaApp.name);
  const votes = operatorOf(system, votaciones.name);
  const edge = () => system.get().urls.http;

  test(
    "closes for every pipeline that `npm run up` runs, its log included",
    async () => {
      for (let n = 0; n < sent; n++) {
        expect((await post(`${edge()}/clima`, tweet)).status).toBe(200);
        expect((await post(`${edge()}/rust/send_data`, vote)).status).toBe(200);
      }
      await sendToKafka(system.get().urls.kafka, climaApp.broker.topic, ["{ no json"]);
      // As `up` writes it down.
      const runDir = join(system.dir, "run");
      mkdirSync(runDir);
      const state = { pid: process.pid, phase: "ready", boards: system.get().boards };
      writeFileSync(join(runDir, "state.json"), JSON.stringify(state));
      const all = await run("audit", ["--json"], { RUN_DIR: runDir });
      expect([all.code, all.err]).toEqual([0, ""]);
      const [first, second, ...more] = jsonLines(all.out);
      expect(more).toEqual([]);
      expect(first).toMatchObject({
        ...{ pipeline: "clima-app", closes: true, differences: [], doubts: [] },
        ledger: { accepted: 2 * sent + 1, stored: sent, duplicates: sent, deadLettered: 1 },
        waiting: { kafka: 1, rabbit: 0 },
      });
      expect(second).toMatchObject({
        ...{ pipeline: "votaciones", closes: true, doubts: [], logBehind: 0 },
        ledger: { accepted: sent, stored: sent },
      });
      const ls = await run("dlq", ["ls"], { RUN_DIR: runDir });
      expect(ls.out).toContain("1 letter waits in what `npm run up` runs.");
    },
    testMs,
  );

  test(
    "waits for what is in flight, and names what stays there",
    async () => {
      await system.child("votaciones-consumer").stop();
      for (let n = 0; n < 3; n++) await post(`${edge()}/rust/send_data`, vote);
      const open = await votes.audit("--wait", "1s");
      expect(open.code).toBe(1);
      expect(open.out).toContain("! kafka: 3 still in flight");
      expect(open.out).toContain("! the log is 3 behind");
      const waiting = votes.audit("--wait", "60s");
      await system.child("votaciones-consumer").start();
      expect((await waiting).code).toBe(0);
    },
    testMs,
  );

  test(
    "does not close where a store lost what it had counted, or a broker is away",
    async () => {
      using valkey = system.valkey(climaApp);
      const [key = ""] = await valkey.client.keys("*ledger*");
      const counts = await valkey.client.hgetall(key);
      const [field = ""] = Object.keys(counts).filter(
        (name) => name.includes("kafka") && name.includes("applied"),
      );
      await valkey.client.hincrby(key, field, -4);
      const lost = await tweets.audit("--wait", "1s");
      await valkey.client.hincrby(key, field, 4);
      expect([lost.code, lost.out]).toEqual([
        1,
        expect.stringContaining("! kafka: 4 passed without being counted"),
      ]);
      await system.child("rabbitmq").stop();
      const away = await tweets.audit("--wait", "1s");
      expect([away.code, away.out]).toEqual([
        1,
        expect.stringContaining("! rabbit: the broker does not answer"),
      ]);
      await system.child("rabbitmq").start();
      const board = system.httpOf("clima-app-board");
      const asked = await run("audit", ["--board", board], {});
      expect([asked.code, asked.err]).toEqual([0, ""]);
    },
    testMs,
  );

  test("the board's metrics have the ledger and the letters, by pipeline and lane", async () => {
    const admin = system
      .get()
      .entries()
      .find(({ name }) => name === "clima-app-board")?.adminPort;
    const page = async () => (await fetch(`http://127.0.0.1:${admin}/metrics`)).text();
    const labels = '{pipeline="clima-app",lane="kafka"}';
    await until("them", async () =>
      (await page()).includes(`${metricNames.ledgerPublished}${labels} ${sent + 1}\n`),
    );
    const text = await page();
    expect(text).toContain(`${metricNames.ledgerDifference}${labels} 0\n`);
    expect(text).toContain(`${metricNames.ledgerDeadLettered}${labels} 1\n`);
    expect(text).toContain(`${metricNames.deadLettersWaiting}${labels} 1\n`);
  });
});
