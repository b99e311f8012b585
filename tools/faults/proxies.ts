import { createChild } from "../parts/child.ts";
import { installToxiproxy } from "../parts/load-tools.ts";
import { partsDir } from "../parts/parts-dir.ts";
import { freePort, freePorts } from "../parts/ports.ts";
import { createStack } from "../parts/stack.ts";
import type { OnProgress } from "../up/servers.ts";
import type { ServicePlan } from "../up/services.ts";

/** What is done to what crosses a proxy, in the words of toxiproxy. */
export interface Toxic {
  readonly type: "timeout" | "latency" | "reset_peer" | "bandwidth" | "limit_data";
  /** `upstream` is what a service sends, `downstream` what it hears. */
  readonly stream: "upstream" | "downstream";
  readonly attributes: Readonly<Record<string, number>>;
}

/** TCP proxies on the ways of services; each is named `<process>:<variable>`, such as `clima-app-writer:RABBIT_URL`. */
export interface Proxies extends AsyncDisposable {
  /** The names of all proxies. */
  readonly names: readonly string[];
  /** Leads the ways of these services through proxies, made here: to RabbitMQ, to Valkey, and to next hops with one address. */
  lead(plans: readonly ServicePlan[]): Promise<readonly ServicePlan[]>;
  /** Closes every connection and takes none, or takes them again. */
  cut(name: string, isCut: boolean): Promise<void>;
  poison(name: string, toxic: Toxic): Promise<void>;
  /** Takes all toxics away and opens what was cut, everywhere. */
  reset(): Promise<void>;
  /** Leads to another port from now on; what is connected is closed. */
  aim(name: string, port: number): Promise<void>;
}

/** How proxies are started. */
export interface ProxiesOptions {
  readonly dir: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

const variables = ["RABBIT_URL", "VALKEY_SERVICE_URL", "KEYS_URL", "NEXT_URL"];
const askMs = 5_000;

/** Installs toxiproxy where it is missing, and starts it. */
export async function startProxies({ dir, signal, onProgress }: ProxiesOptions): Promise<Proxies> {
  const programs = partsDir(process.env);
  const program = await installToxiproxy({ dir: programs, onProgress, signal });
  const stack = createStack({ programs, dir, signal });
  const api = await freePort();
  const ask = asking(api);
  const names: string[] = [];
  await stack.start(
    createChild({
      name: "toxiproxy",
      dir: stack.dir,
      command: [program, "-host", "127.0.0.1", "-port", `${api}`],
      ready: async () => (await fetch(`http://127.0.0.1:${api}/version`)).ok,
    }),
  );
  const add = async (name: string, upstream: string) => {
    const [port = 0] = await freePorts(1);
    await ask("POST", "/proxies", { name, listen: `127.0.0.1:${port}`, upstream, enabled: true });
    names.push(name);
    return port;
  };
  const leadOne = async (plan: ServicePlan): Promise<ServicePlan> => {
    const env = { ...plan.env };
    for (const variable of variables) {
      const value = env[variable];
      if (value === undefined || value.includes(",")) continue;
      const url = new URL(value);
      const port = await add(`${plan.name}:${variable}`, url.host);
      env[variable] = value.replace(url.host, `127.0.0.1:${port}`);
    }
    return { ...plan, env };
  };
  const change = (name: string, what: object) => ask("POST", `/proxies/${name}`, what);
  return {
    names,
    lead: async (plans) => {
      const led: ServicePlan[] = [];
      for (const plan of plans) led.push(await leadOne(plan));
      return led;
    },
    cut: (name, isCut) => change(name, { enabled: !isCut }),
    poison: (name, toxic) => ask("POST", `/proxies/${name}/toxics`, { ...toxic, toxicity: 1 }),
    reset: () => ask("POST", "/reset", undefined),
    aim: async (name, port) => {
      await change(name, { enabled: false });
      await change(name, { upstream: `127.0.0.1:${port}`, enabled: true });
    },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

/** Asks toxiproxy's API, which must agree. */
function asking(port: number) {
  return async (method: string, path: string, body: object | undefined): Promise<void> => {
    const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(askMs),
    });
    if (reply.ok) return;
    throw new Error(`Cannot ${method} ${path} at toxiproxy: ${reply.status} ${await reply.text()}`);
  };
}
