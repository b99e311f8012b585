import { join, resolve } from "node:path";
import type { ConfigSpec } from "../../lib/config.ts";
import { spec } from "../../services/all-in-one/config.ts";
import { type Child, createChild } from "../parts/child.ts";
import { freePort } from "../parts/ports.ts";
import { createStack } from "../parts/stack.ts";

/** Laptop mode as a process of its own: every door of every pipeline, on files that end with it. */
export interface Laptop extends AsyncDisposable {
  readonly child: Child;
  readonly httpPort: number;
  readonly grpcPort: number;
  readonly url: string;
}

const root = resolve(import.meta.dir, "..", "..");
const stopMs = 25_000;

/** So many that no door ever has no room: a refusal for want of room would hide what it says of the input. */
const inFlightMax = 100_000;

/** How laptop mode is started. */
export interface LaptopOptions {
  readonly signal: AbortSignal;
  /** Variables beside ports and folder. @default none */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts laptop mode on free ports, in a folder of its own. */
export async function startLaptop({ signal, env = {} }: LaptopOptions): Promise<Laptop> {
  const stack = createStack({ programs: root, signal });
  const [httpPort, grpcPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${httpPort}`;
  const child = createChild({
    name: "all-in-one",
    dir: root,
    logDir: stack.dir,
    command: [process.execPath, "services/all-in-one/main.ts"],
    env: {
      ...unset(spec),
      PORT: `${httpPort}`,
      GRPC_PORT: `${grpcPort}`,
      DATA_DIR: join(stack.dir, "data"),
      ADMISSION_IN_FLIGHT_MAX: `${inFlightMax}`,
      PREFER_POLICY: "1",
      ...env,
    },
    ready: async () => (await fetch(`${url}/health`)).ok,
    stopTimeoutMs: stopMs,
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
    grpcPort,
    url,
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

/** Takes a service's variables away from what it would inherit. */
export function unset(table: ConfigSpec): Readonly<Record<string, undefined>> {
  const names = Object.entries(table).flatMap(([name, { aliases }]) => [name, ...aliases]);
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
