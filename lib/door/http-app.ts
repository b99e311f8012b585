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

/**
 * The app that doors are mounted in: it answers with a problem what no door does, and what none foresaw.
 *
 * Doors bound what they read themselves, so that a body too large gets a problem as its answer; a route of another kind
 * that reads bodies must do so as well.
 */
export function httpApp(log: Log, doors: readonly Elysia[]): Elysia {
  const app = new Elysia({
    // Else a host name of less than four letters hides the path.
    handler: { standardHostname: false },
    serve: { maxRequestBodySize: Number.MAX_SAFE_INTEGER, idleTimeout: idleTimeoutS },
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
  return {
    port: server.port,
    [Symbol.asyncDispose]: async () => {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, drainMs);
      await Promise.race([server.stop(), late.promise]);
      clearTimeout(timer);
      await server.stop(true);
    },
  };
}
