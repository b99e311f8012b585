import { pause } from "../../lib/pause.ts";
import { percentile } from "../../loadtest/latency.ts";
import { grpcCaller } from "./doors/grpc-caller.ts";
import { type GrpcRequest, prefixed } from "./generate/grpc-request.ts";

/** A client that does everything right while others do not. */
export interface SteadyClient {
  /** Ends it; resolves when its last request has been answered. */
  stop(): Promise<SteadyReport>;
}

/** What became of its requests. */
export interface SteadyReport {
  /** The ids that were acknowledged, by the name of the way. */
  readonly taken: ReadonlyMap<string, readonly string[]>;
  readonly note: string;
  readonly faults: readonly string[];
}

/** A way to send good events; resolves with what was wrong, if anything. */
export interface Way extends Disposable {
  readonly name: string;
  send(key: string, turn: number): Promise<string | undefined>;
}

/** One event by each way so often. */
const everyMs = 40;
const answerMs = 10_000;
const faultsShown = 10;

/** Sends good events by every way, 25 a second each, until it is stopped; each must be acknowledged within ten seconds. */
export function steadyClient(ways: readonly Way[]): SteadyClient {
  const stopping = new AbortController();
  const taken = new Map(ways.map(({ name }): [string, string[]] => [name, []]));
  const latenciesMs: number[] = [];
  const faults: string[] = [];
  const open = new Set<Promise<void>>();

  async function one({ name, send }: Way, turn: number): Promise<void> {
    const key = Bun.randomUUIDv7();
    const startedMs = performance.now();
    const why = await send(key, turn).catch((error: unknown) => String(error));
    latenciesMs.push(performance.now() - startedMs);
    if (why === undefined) taken.get(name)?.push(key);
    else faults.push(`a good event by ${name} was not acknowledged: ${why}`);
  }

  async function run(): Promise<void> {
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      for (const way of ways) {
        const work = one(way, turn);
        open.add(work);
        void work.finally(() => open.delete(work));
      }
      await pause(everyMs, stopping.signal);
    }
  }

  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
      await Promise.all(open);
      for (const way of ways) way[Symbol.dispose]();
      const rising = latenciesMs.toSorted((a, b) => a - b);
      const sent = rising.length;
      const good = sent - faults.length;
      const p99 = Math.round(percentile(rising, 0.99));
      const note = `beside it ${good} of ${sent} good events acknowledged, p99 ${p99} ms, at most ${Math.round(rising.at(-1) ?? 0)} ms`;
      return { taken, note, faults: faults.slice(0, faultsShown) };
    },
  };
}

/** Over HTTP, to a route. */
export function httpWay(name: string, url: string, bodies: readonly Uint8Array[]): Way {
  return {
    name,
    send: async (key, turn) => {
      const reply = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": key },
        body: Buffer.from(bodies[turn % bodies.length] ?? ""),
        signal: AbortSignal.timeout(answerMs),
      });
      const text = await reply.text();
      return reply.ok ? undefined : `${reply.status} ${text.slice(0, 200)}`;
    },
    [Symbol.dispose]: () => {},
  };
}

/** Over gRPC, to a method. */
export function grpcWay(
  name: string,
  { port, path }: { readonly port: number; readonly path: string },
  messages: readonly Uint8Array[],
): Way {
  const caller = grpcCaller(port);
  return {
    name,
    send: async (key, turn) => {
      const call: GrpcRequest = {
        ...{ what: "good", key: "own", type: "application/grpc", headers: [], isHurried: false },
        ...{ verdict: "taken", again: "nothing", nonce: 0, messageBytes: 0 },
        credential: "none",
        chunks: [prefixed(messages[turn % messages.length] ?? new Uint8Array())],
      };
      const reply = await caller.call({ path }, call, key);
      return reply.code === 0 ? undefined : `${reply.code} ${reply.said}`;
    },
    [Symbol.dispose]: () => caller[Symbol.dispose](),
  };
}
