import { Elysia } from "elysia";
import { listenFault } from "../listen-fault.ts";
import type { Log } from "../log.ts";
import { idempotencyKey, provisionalId } from "./idempotency.ts";
import { problem } from "./problem.ts";

/** Where an HTTP app listens. */
export interface ListenOptions {
  /** 0 chooses a free one. */
  readonly port: number;
  /** All addresses where it is not set. */
  readonly hostname?: string;
}

/** A listening app. Disposing takes no new requests, waits for those in flight (bounded), then ends the rest. */
export interface HttpServer extends AsyncDisposable {
  readonly port: number;
}

/** How long requests in flight may take after the listening ended, in milliseconds. */
const drainMs = 15_000;

/** How long a connection may keep silent, in seconds: longer than a load balancer in front keeps one. */
const idleTimeoutS = 120;

/** How Bun's server serves any app of ours; doors limit bodies themselves. */
export const serveOptions = {
  maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  idleTimeout: idleTimeoutS,
};

/**
 * The app that doors are mounted in: it answers with a problem what no door does, and what none foresaw.
 *
 * Doors bound what they read themselves, so that a body too large gets a problem as its answer; a route of another kind
 * that reads bodies must do so as well. An app is served by one scheme.
 */
export function httpApp(
  log: Log,
  doors: readonly Elysia[],
  scheme: "http" | "https" = "http",
): Elysia {
  const app = new Elysia({
    // Elysia looks for the path from the URL's 8th character on, or from the 12th: there a host of less than four letters
    // would hide it, and here the second slash of `https://` would be taken for it. With TLS three letters or a port do.
    handler: { standardHostname: scheme === "https" },
    serve: serveOptions,
  }).onError(({ code, error, request }) => {
    // Every reply carries an id: whoever meant to send an event repeats it under that one.
    const id = provisionalId(request.headers.get(idempotencyKey));
    if (code === "NOT_FOUND") {
      return problem({ kind: "not-found", detail: "nothing is served under this path" }, { id });
    }
    log.error("unforeseen fault of the HTTP app", { error });
    return problem({ kind: "internal", detail: "see the log" }, { id });
  });
  for (const door of doors) app.use(door);
  return app as unknown as Elysia;
}

/** Makes an app listen; listening begins at once. */
export function listenHttp(app: Elysia, options: ListenOptions): HttpServer {
  try {
    app.listen(options);
  } catch (error) {
    throw listenFault(options.port, "PORT", error);
  }
  const { server } = app;
  if (server === null || server.port === undefined) {
    throw listenFault(options.port, "PORT", "no server began");
  }
  return { port: server.port, [Symbol.asyncDispose]: () => drainHttp(server) };
}

/** Takes no new requests, waits for those in flight (bounded), then ends the rest. */
export async function drainHttp(server: Pick<Bun.Server<unknown>, "stop">): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, drainMs);
  await Promise.race([server.stop(), late.promise]);
  clearTimeout(timer);
  await server.stop(true);
}
