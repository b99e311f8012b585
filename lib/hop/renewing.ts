import type { Publisher } from "../broker/publisher.ts";
import type { Identity } from "../tls/identity.ts";
import type { LiveIdentity } from "../tls/live-identity.ts";

/**
 * Publishes under an identity that may change: a new one gets a publisher of its own, and the one before finishes what it
 * has and is disposed. So no connection outlives the certificate that it was made under, nor the trust in the other end.
 */
export function renewing<T>(
  identity: LiveIdentity,
  open: (identity: Identity) => Publisher<T>,
): Publisher<T> {
  let current = open(identity.current);
  const leaving = new Set<Promise<void>>();
  const unfollow = identity.follow((now) => {
    const before = current;
    current = open(now);
    const gone = Promise.resolve(before[Symbol.asyncDispose]());
    leaving.add(gone);
    void gone.finally(() => leaving.delete(gone));
  });
  return {
    publish: (events, options) => current.publish(events, options),
    ready: () => current.ready(),
    [Symbol.asyncDispose]: async () => {
      unfollow();
      await Promise.all([current[Symbol.asyncDispose](), ...leaving]);
    },
  };
}
