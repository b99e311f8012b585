import { join } from "node:path";
import { freePorts } from "../../tools/parts/ports.ts";
import { closedLoop, usersOfRuns } from "./closed-loop.ts";
import { cpuMs } from "./cpu.ts";
import type { Row } from "./table.ts";

const startMs = 10_000;

/** Closed loops of several sizes against laptop mode: both lanes and the store on this machine's disk. */
export async function benchLaptop(
  dir: string,
  seconds: number,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  const [http = 0, grpc = 0] = await freePorts(2);
  const main = join(import.meta.dir, "../../services/all-in-one/main.ts");
  const child = Bun.spawn([process.execPath, main], {
    env: {
      PORT: `${http}`,
      GRPC_PORT: `${grpc}`,
      DATA_DIR: join(dir, "laptop"),
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    const url = new URL(`http://127.0.0.1:${http}/clima`);
    await answers(new URL("/health", url));
    const rows: Row[] = [];
    for (const users of usersOfRuns) {
      say(`laptop: ${users} users for ${seconds} s`);
      const before = cpuMs(child.pid);
      const figures = await closedLoop(url, users, seconds);
      const cpu = ((cpuMs(child.pid) - before) * 1_000) / Math.max(1, figures.acknowledged);
      rows.push({
        users,
        "events/s": Math.round(figures.perSecond),
        failed: figures.failed,
        "p50 ms": figures.p50Ms.toFixed(1),
        "p99 ms": figures.p99Ms.toFixed(1),
        "CPU µs/event": Math.round(cpu),
      });
    }
    return rows;
  } finally {
    child.kill("SIGTERM");
    await child.exited;
  }
}

async function answers(url: URL): Promise<void> {
  const end = Date.now() + startMs;
  while (Date.now() < end) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await Bun.sleep(20);
  }
  throw new Error(`Cannot measure laptop mode: ${url} does not answer within ${startMs} ms`);
}
