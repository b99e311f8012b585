import { readFileSync } from "node:fs";
import { type Identity, type IdentityFiles, identityOf } from "../identity.ts";
import type { LiveIdentity } from "../live-identity.ts";

/** The identity that files hold. */
export function identityIn(files: IdentityFiles): Identity {
  const text = (file: string) => ({ text: readFileSync(file, "utf8") });
  const { cert, key, ca } = files;
  const found = identityOf(files, { cert: text(cert), key: text(key), ca: text(ca) });
  if ("faults" in found) throw new Error(found.faults.join("; "));
  return found;
}

/** An identity that changes when it is told to. */
export function memoryIdentity(
  first: Identity,
): LiveIdentity & { readonly change: (to: Identity) => void } {
  const listeners = new Set<(now: Identity) => void>();
  let current = first;
  return {
    get current() {
      return current;
    },
    follow: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    change: (to) => {
      current = to;
      for (const listener of listeners) listener(to);
    },
    [Symbol.dispose]: () => listeners.clear(),
  };
}
