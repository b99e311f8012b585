import { isIP } from "node:net";
import type { Identity } from "./identity.ts";

/** What a hop goes by. */
export interface ClientTls {
  readonly identity: Identity;
  /** The host name, or IP address, for which the server's certificate must be. */
  readonly name: string;
}

/**
 * How clients show their certificate and verify the server's, whichever of the name's addresses they connect to. The
 * verification is said here, so that no variable of the runtime turns it off.
 */
export function clientOptions({ identity: { cert, key, ca }, name }: ClientTls) {
  const host = name.replace(/^\[(.*)\]$/, "$1");
  // An IP address is verified as such, and never sent as a name (RFC 6066, section 3).
  const named = isIP(host) === 0 ? { servername: host } : {};
  return { cert, key, ca, rejectUnauthorized: true, ...named } as const;
}

/** The same address by TLS, on the same port, which is 80 where none is said. */
export function overTls(address: URL): URL {
  if (address.protocol === "https:") return address;
  const url = new URL(address);
  url.protocol = "https:";
  url.port = address.port === "" ? "80" : address.port;
  return url;
}
