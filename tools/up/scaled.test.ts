import { describe, expect, test } from "bun:test";
import { findMix } from "../../loadtest/mixes/find-mix.ts";
import { holds, reportLines } from "../../loadtest/report.ts";
import { runLoad } from "../../loadtest/run-load.ts";
import { proyecto3 } from "../../pipelines/proyecto3.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { parts } from "../parts/testing.ts";
import { type OwnSystem, ownSystem } from "./testing/own-system.ts";

const testMs = 180_000;

/** What happens to a system on the way of a load, when that share of the events has been sent. */
type Strikes = readonly { readonly at: number; strike(): Promise<void> | void }[];

async function loadWith(system: OwnSystem, pipeline: string, strikes: Strikes) {
  const mix = findMix(pipeline);
  const { requests } = mix;
  const left = strikes.map(({ at, strike }) => ({ from: at * requests, strike }));
  const struck: (Promise<void> | void)[] = [];
  const result = await runLoad(
    { url: new URL(system.get().urls.http), mix, requests, users: 10, keys: true, drainMs: 60_000 },
    (done) => {
      while (left[0] !== undefined && done >= left[0].from) struck.push(left.shift()?.strike());
    },
  );
  await Promise.all(struck);
  if (!holds(result)) console.log(reportLines(result).join("\n"));
  return result;
}

function kill(system: OwnSystem, name: string): void {
  const { pid } = system.child(name);
  if (pid === undefined) throw new Error(`Cannot kill ${name}: it is down`);
  process.kill(pid, "SIGKILL");
}

const sumOf = (hash: Readonly<Record<string, string>>) =>
  Object.values(hash).reduce((sum, each) => sum + Number(each), 0);

describe.skipIf(!parts)("votaciones with up to five consumers", () => {
  const system = ownSystem({ pipelines: [votaciones], replicas: { "votaciones/consumer": 5 } });

  test(
    "votaciones load: 1,000 votes by both routes count once each, consumers killed and added on the way",
    async () => {
      const added = ["votaciones-consumer-4", "votaciones-consumer-5"].map(system.child);
      await Promise.all(added.map((child) => child.stop()));
      const result = await loadWith(system, "votaciones", [
        { at: 0.2, strike: () => kill(system, "votaciones-consumer") },
        { at: 0.4, strike: () => Promise.all(added.map((child) => child.start())).then(() => {}) },
        { at: 0.7, strike: () => kill(system, "votaciones-consumer-2") },
      ]);
      expect(result.paths).toEqual(["/rust/send_data", "/grpc/insert"]);
      expect(holds(result)).toBe(true);
      using valkey = system.valkey(votaciones);
      const { client } = valkey;
      expect(await client.get("total")).toBe("1000");
      for (const hash of ["bands", "votos_banda", "votos_album"]) {
        expect([hash, sumOf(await client.hgetall(hash))]).toEqual([hash, 1_000]);
      }
    },
    testMs,
  );
});

describe.skipIf(!parts)("proyecto3 with two of each writer and consumer", () => {
  const system = ownSystem({
    pipelines: [proyecto3],
    replicas: {
      "proyecto3/kafka-writer": 2,
      "proyecto3/rabbit-writer": 2,
      "proyecto3/kafka-consumer": 2,
      "proyecto3/rabbit-consumer": 2,
    },
  });

  test(
    "proyecto3 load: 10,000 requests count once each although a writer is killed",
    async () => {
      const result = await loadWith(system, "proyecto3", [
        { at: 0.3, strike: () => kill(system, "proyecto3-kafka-writer-2") },
      ]);
      expect(result.acknowledged).toBe(10_000);
      expect(holds(result)).toBe(true);
      using valkey = system.valkey(proyecto3);
      const { client } = valkey;
      expect(await client.get("municipality:chinautla")).toBe("10000");
      for (const list of ["temperature:chinautla", "humidity:chinautla"]) {
        expect([list, await client.llen(list)]).toEqual([list, 10_000]);
        expect(await client.pttl(list)).toBeGreaterThan(86_000_000);
      }
      expect(await client.xlen("series:chinautla")).toBe(10_000);
    },
    testMs,
  );
});
