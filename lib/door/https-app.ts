import type { Elysia } from "elysia";
import { listenFault } from "../listen-fault.ts";
import { type ServerTls, serverOptions } from "../tls/server-tls.ts";
import { drainHttp, type HttpServer, type ListenOptions, serveOptions } from "./http-app.ts";

/**
 * Makes an app of the scheme `https` listen, at once, to clients with a certificate of the identity's authority alone.
 *
 * Bun's server cannot change its certificate, so that a new one takes its place on the same port (`SO_REUSEPORT`) before the
 * old one stops listening and finishes what it has. It says nothing of handshakes that failed, and ends those that take
 * over ten seconds by itself.
 */
export function listenHttps(
  app: Elysia,
  { port, hostname }: ListenOptions,
  { identity, onFault }: ServerTls,
): HttpServer {
  const { fetch } = app.compile();
  const begin = (at: number) => {
    const tls = serverOptions(identity.current);
    const place = { port: at, ...(hostname === undefined ? {} : { hostname }) };
    return Bun.serve({
      ...serveOptions,
      ...place,
      reusePort: true,
      development: false,
      tls,
      fetch,
    });
  };
  let server = beginOrThrow(port, begin);
  const leaving = new Set<Promise<void>>();
  const unfollow = identity.follow(() => {
    const before = server;
    try {
      server = begin(before.port ?? port);
    } catch (error) {
      onFault(error);
      return;
    }
    const gone = drainHttp(before);
    leaving.add(gone);
    void gone.finally(() => leaving.delete(gone));
  });
  return {
    port: server.port ?? port,
    [Symbol.asyncDispose]: async () => {
      unfollow();
      await Promise.all([drainHttp(server), ...leaving]);
    },
  };
}

function beginOrThrow(port: number, begin: (at: number) => Bun.Server<undefined>) {
  try {
    return begin(port);
  } catch (error) {
    throw listenFault(port, "PORT", error);
  }
}
