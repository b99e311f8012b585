import { join, resolve } from "node:path";
import { spec } from "../../../services/relay/config.ts";
import { type Child, createChild } from "../../parts/child.ts";
import { freePort } from "../../parts/ports.ts";
import { createStack } from "../../parts/stack.ts";
import { type Laptop, unset } from "../laptop.ts";

/** A relay with a door, an admin port, and laptop mode as its next hop. */
export interface Relay extends AsyncDisposable {
  readonly child: Child;
  readonly httpPort: number;
  readonly adminPort: number;
}

const root = resolve(import.meta.dir, "..", "..", "..");

/** Starts the first station of `clima-app` in front of laptop mode. */
export async function startRelay({ grpcPort }: Laptop, signal: AbortSignal): Promise<Relay> {
  const stack = createStack({ programs: root, signal });
  const [httpPort, adminPort] = [await freePort(), await freePort()];
  const child = createChild({
    name: "relay",
    dir: root,
    logDir: stack.dir,
    command: [process.execPath, join("services", "relay", "main.ts")],
    env: {
      ...unset(spec),
      STATION: "clima-app/api",
      PORT: `${httpPort}`,
      ADMIN_PORT: `${adminPort}`,
      NEXT_URL: `http://127.0.0.1:${grpcPort}`,
    },
    ready: async () => (await fetch(`http://127.0.0.1:${adminPort}/ready`)).ok,
  });
  try {
    await stack.start(child);
  } catch (error) {
    await stack[Symbol.asyncDispose]();
    throw error;
  }
  return {
    child,
    httpPort,
    adminPort,
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}
