import { createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { Health } from "../../../gen/grpc/health/v1/health_pb.ts";
import { percentile } from "../../latency.ts";
import type { Target } from "./target.ts";

/** How one thing that is always answered was answered. */
export interface AlwaysFigures {
  readonly asked: number;
  /** Not answered, or not with 200. */
  readonly failed: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

type Question = () => Promise<boolean>;

const everyMs = 200;
const timeoutMs = 5_000;

/** Asks for all that is always answered, health over gRPC included, five times a second until it is told to end. */
export async function watchAlways(
  target: Target,
  signal: AbortSignal,
): Promise<Readonly<Record<string, AlwaysFigures>>> {
  const baseUrl = `http://${target.grpc}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  const health = createClient(Health, createGrpcTransport({ baseUrl, sessionManager }));
  const pages = Object.entries(target.always).map(
    ([name, url]) => [name, () => isAnswered(url)] as const,
  );
  const serving = async () => (await health.check({}, { timeoutMs })).status === 1;
  const watched = await Promise.all(
    [...pages, ["gRPC health", serving] as const].map(
      async ([name, question]) => [name, await watch(question, signal)] as const,
    ),
  );
  sessionManager.abort();
  return Object.fromEntries(watched);
}

async function isAnswered(url: URL): Promise<boolean> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  await reply.arrayBuffer();
  return reply.ok;
}

async function watch(question: Question, signal: AbortSignal): Promise<AlwaysFigures> {
  const took: number[] = [];
  const asking = new Set<Promise<void>>();
  let failed = 0;
  const ask = async () => {
    const from = performance.now();
    const ok = await question().catch(() => false);
    took.push(performance.now() - from);
    if (!ok) failed += 1;
  };
  while (!signal.aborted) {
    const asked = ask().finally(() => asking.delete(asked));
    asking.add(asked);
    await Bun.sleep(everyMs);
  }
  await Promise.all(asking);
  took.sort((a, b) => a - b);
  return { asked: took.length, failed, p99Ms: percentile(took, 0.99), maxMs: took.at(-1) ?? 0 };
}
