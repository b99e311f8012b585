import { constants } from "node:crypto";
import type { Identity } from "./identity.ts";
import type { LiveIdentity } from "./live-identity.ts";

/** What a door serves by, for other stations alone: who shows no certificate of the same authority is not let in. */
export interface ServerTls {
  /** New connections are made under what it is then; those from before a change are ended, without harm to their calls. */
  readonly identity: LiveIdentity;
  /** Hears why a connection was refused, where the server tells. */
  onFault(error: unknown): void;
}

/**
 * An identity as servers take it. That clients need a certificate is said here, whatever servers do by default, and nobody
 * resumes a session: each connection proves anew who is at its end.
 */
export function serverOptions({ cert, key, ca }: Identity) {
  const secureOptions = constants.SSL_OP_NO_TICKET;
  return { cert, key, ca, requestCert: true, rejectUnauthorized: true, secureOptions } as const;
}
