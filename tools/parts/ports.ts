import { createServer } from "node:net";

/**
 * Below the range that the kernel gives to outgoing connections: one of those could otherwise take
 * the port of a server that is down for a restart.
 */
const lowestPort = 15_000;
const highestPort = 31_999;
const triesMax = 2_000;

const given = new Set<number>();

/** Says whether a server could listen on `port` of `host` now. @default host 127.0.0.1 */
export function isFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** Finds `count` free loopback ports, none of which this process was given before. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  for (let tries = 0; tries < triesMax && found.length < count; tries++) {
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort + 1));
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) found.push(port);
  }
  if (found.length < count) {
    throw new Error(`Cannot find ${count} free ports: ${triesMax} tries: found ${found.length}`);
  }
  return found;
}

/** Finds one free loopback port. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error("Cannot find a free port: none was found");
  return port;
}
