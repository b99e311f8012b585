import type { Registry } from "prom-client";
import { listenFault } from "./listen-fault.ts";

/** Named checks: a service is ready when all of them say so. */
export type ReadyChecks = Readonly<Record<string, () => Promise<boolean>>>;

/** What an admin port needs. */
export interface AdminOptions {
  readonly port: number;
  readonly checks: ReadyChecks;
  readonly registry: Registry;
}

/** How long one readiness check may take. */
const checkMs = 1_000;

/**
 * The port that operators and probes ask: `GET /live` (200 while the process answers), `GET /ready` (200, or 503 naming
 * what is not there), `GET /metrics` (Prometheus text). Listening begins at once.
 */
export function adminServer(options: AdminOptions): AsyncDisposable & { readonly port: number } {
  const server = listen(options);
  return {
    port: server.port ?? options.port,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

function listen(options: AdminOptions) {
  try {
    return Bun.serve({
      port: options.port,
      routes: {
        "/live": () => new Response("live\n"),
        "/ready": async () => {
          const checks = await readiness(options.checks);
          const status = Object.values(checks).every(Boolean) ? 200 : 503;
          return Response.json({ ready: status === 200, checks }, { status });
        },
        "/metrics": async () =>
          new Response(await options.registry.metrics(), {
            headers: { "content-type": options.registry.contentType },
          }),
      },
      fetch: () => new Response("not found\n", { status: 404 }),
    });
  } catch (error) {
    throw listenFault(options.port, "ADMIN_PORT", error);
  }
}

/** Asks every check, each within a second. */
async function readiness(checks: ReadyChecks): Promise<Readonly<Record<string, boolean>>> {
  const answers = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await inTime(check)] as const),
  );
  return Object.fromEntries(answers);
}

async function inTime(check: () => Promise<boolean>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), checkMs);
  try {
    return await Promise.race([check(), late.promise]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
