import { ConfigError, type ConfigOf } from "../../lib/config.ts";
import { faultLog } from "../../lib/door/fault-log.ts";
import type { Log } from "../../lib/log.ts";
import { watchExpiry } from "../../lib/tls/expiry-watch.ts";
import { type LiveIdentity, openIdentity } from "../../lib/tls/live-identity.ts";
import type { ServerTls } from "../../lib/tls/server-tls.ts";
import type { hopTls } from "../../lib/variables.ts";

/** The mutual TLS of a relay: by what it reaches next stations, and takes from those before it. */
export interface HopTls extends ServerTls, Disposable {
  readonly identity: LiveIdentity;
}

/** Who hears of it. */
export interface HopTlsOptions {
  readonly log: Log;
  /** Hears when the certificate ends, in milliseconds since 1970. */
  readonly onEnd: (endsAtMs: number) => void;
}

/**
 * The mutual TLS that the configuration asks for; undefined where it asks for none. It follows its files while it is open.
 *
 * @throws ConfigError for some of the three variables without the others, and for every fault of the files.
 */
export async function openHopTls(
  { HOP_CERT_FILE: cert, HOP_KEY_FILE: key, HOP_CA_FILE: ca }: ConfigOf<typeof hopTls>,
  { log, onEnd }: HopTlsOptions,
): Promise<HopTls | undefined> {
  const named = Object.entries({ HOP_CERT_FILE: cert, HOP_KEY_FILE: key, HOP_CA_FILE: ca });
  if (named.every(([, file]) => file === undefined)) return undefined;
  if (cert === undefined || key === undefined || ca === undefined) {
    const missing = named.filter(([, file]) => file === undefined).map(([name]) => name);
    throw new ConfigError([
      `HOP_CERT_FILE, HOP_KEY_FILE and HOP_CA_FILE must be set all or none: missing is ${missing.join(", ")}`,
    ]);
  }
  const resources = new DisposableStack();
  const identity = resources.use(await openIdentity({ cert, key, ca }, { log }));
  resources.use(watchExpiry(identity, { log, onEnd }));
  const faults = faultLog(log);
  return {
    identity,
    onFault: (error) => faults("handshake", error),
    [Symbol.dispose]: () => resources.dispose(),
  };
}
