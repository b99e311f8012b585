import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerOptions,
} from "node:http2";
import type { TLSSocket } from "node:tls";
import { type ServerTls, serverOptions } from "../tls/server-tls.ts";

/** What a server over TLS needs beside its identity. */
export interface SecureServerOptions {
  readonly http2: ServerOptions;
  /** How long a handshake may take, in milliseconds. */
  readonly handshakeMs: number;
  readonly onRequest: (request: Http2ServerRequest, response: Http2ServerResponse) => void;
  /** How long calls may go on that began under an identity of before, in milliseconds. @default 15000 */
  readonly leaveMs?: number;
}

const minVersion = "TLSv1.2";

const drainMs = 15_000;

/**
 * An HTTP/2 server for clients with a certificate of the identity's authority. When the identity changes, clients of before
 * are told to connect anew and finish what they have (bounded): nobody stays under a certificate or an authority that is gone.
 */
export function secureServer(
  { identity, onFault }: ServerTls,
  { http2, handshakeMs, onRequest, leaveMs = drainMs }: SecureServerOptions,
): Http2SecureServer {
  const own = { ...serverOptions(identity.current), minVersion } as const;
  const server = createSecureServer({ ...http2, ...own, handshakeTimeout: handshakeMs }, onRequest);
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    // The server refuses such clients by itself; a runtime that would not must let nobody in all the same.
    if (!(session.socket as TLSSocket).authorized) {
      onFault(new Error("a client that is not authorized"));
      session.destroy();
      return;
    }
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  server.on("tlsClientError", onFault);
  const unfollow = identity.follow((now) => {
    server.setSecureContext({ ...serverOptions(now), minVersion });
    for (const session of sessions) leave(session, leaveMs);
  });
  server.once("close", unfollow);
  return server;
}

/** Says goodbye, and ends all the same what then goes on for ever, such as a watch. */
function leave(session: ServerHttp2Session, withinMs: number): void {
  session.close();
  const timer = setTimeout(() => session.destroy(), withinMs);
  session.once("close", () => clearTimeout(timer));
}
