import type { Log } from "../log.ts";
import type { Identity } from "./identity.ts";
import type { LiveIdentity } from "./live-identity.ts";

/** What tells of a certificate's end. */
export interface ExpiryOptions {
  readonly log: Log;
  /** Hears when the certificate ends, in milliseconds since 1970: now, and of every new one. */
  readonly onEnd?: (endsAtMs: number) => void;
  /** @default the system's clock */
  readonly clock?: () => number;
  /** How often the time that is left is looked at, in milliseconds. @default once a day */
  readonly everyMs?: number;
}

const dayMs = 86_400_000;

/** With less time than that, in milliseconds, somebody should look: certificates are renewed long before. */
const soonMs = 14 * dayMs;

/** Says when the certificate ends, at the start and of each new one, and warns every day of one that ends within 14 days. */
export function watchExpiry(identity: LiveIdentity, options: ExpiryOptions): Disposable {
  const { log, onEnd, clock = Date.now, everyMs = dayMs } = options;
  const fieldsOf = ({ endsAtMs }: Identity) => ({
    endsAt: new Date(endsAtMs).toISOString(),
    daysLeft: Math.floor((endsAtMs - clock()) / dayMs),
  });
  const warn = () => {
    const now = identity.current;
    if (now.endsAtMs <= clock()) {
      log.error("the hops' certificate has ended: other stations refuse it", fieldsOf(now));
    } else if (now.endsAtMs - clock() <= soonMs) {
      log.warn("the hops' certificate ends soon", fieldsOf(now));
    }
  };
  const tell = (message: string) => (now: Identity) => {
    log.info(message, fieldsOf(now));
    onEnd?.(now.endsAtMs);
    warn();
  };
  tell("hops are made and taken by mutual TLS")(identity.current);
  const unfollow = identity.follow(tell("the hops' certificate is another one"));
  const timer = setInterval(warn, everyMs);
  timer.unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      unfollow();
    },
  };
}
