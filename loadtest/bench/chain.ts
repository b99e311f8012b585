import { join } from "node:path";
import { climaApp } from "../../pipelines/clima-app.ts";
import { type System, startSystem } from "../../tools/up/system.ts";
import { closedLoop, usersOfRuns } from "./closed-loop.ts";
import { cpuMs } from "./cpu.ts";
import type { Row } from "./table.ts";

const warmUpSeconds = 3;

/** Closed loops of several sizes against the API relay of a whole system, without the stand-in for an Ingress. */
export async function benchChain(
  dir: string,
  seconds: number,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  await using system = await startSystem({ dir: join(dir, "chain"), pipelines: [climaApp] });
  const api = system.entries().find(({ name }) => name === "clima-app-api");
  const url = new URL(`http://127.0.0.1:${api?.ports.http}/clima`);
  await closedLoop(url, 64, warmUpSeconds);
  const rows: Row[] = [];
  for (const users of usersOfRuns) {
    say(`chain: ${users} users for ${seconds} s`);
    const before = usage(system);
    const figures = await closedLoop(url, users, seconds);
    const after = usage(system);
    const perEvent = (names: readonly string[]) => {
      const ms = names.reduce(
        (sum, name) => sum + (after.get(name) ?? 0) - (before.get(name) ?? 0),
        0,
      );
      return Math.round((ms * 1_000) / Math.max(1, figures.acknowledged));
    };
    rows.push({
      users,
      "events/s": Math.round(figures.perSecond),
      failed: figures.failed,
      "p50 ms": figures.p50Ms.toFixed(1),
      "p99 ms": figures.p99Ms.toFixed(1),
      "CPU µs/event: api": perEvent(["clima-app-api"]),
      proxy: perEvent(["clima-app-proxy"]),
      writer: perEvent(["clima-app-writer"]),
      consumers: perEvent(["clima-app-kafka-consumer", "clima-app-rabbit-consumer"]),
      "Kafka, RabbitMQ, Valkey": perEvent(["kafka1", "rabbitmq", "valkey1"]),
    });
  }
  return rows;
}

function usage(system: System): ReadonlyMap<string, number> {
  return new Map(
    system.entries().flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, cpuMs(pid)]])),
  );
}
