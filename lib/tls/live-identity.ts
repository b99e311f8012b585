import { ConfigError } from "../config.ts";
import type { Log } from "../log.ts";
import { readText } from "../watch-text.ts";
import { type Identity, type IdentityFiles, type IdentityTexts, identityOf } from "./identity.ts";

/** An identity that follows its files. */
export interface LiveIdentity extends Disposable {
  readonly current: Identity;
  /** Calls `onChange` with every identity that comes, until the function that it returns is called. */
  follow(onChange: (now: Identity) => void): () => void;
}

/** How files are followed. */
export interface FollowOptions {
  readonly log: Log;
  /** How often the files are looked at, in milliseconds. @default 2000 */
  readonly everyMs?: number;
}

/** The most that one file may have, in bytes. */
const bytesMax = 262_144;

/**
 * Reads an identity and looks at its files again and again, for where Kubernetes mounts a Secret no watching of a file sees
 * its changes. Files that do not fit each other leave the identity as it was; those that did not at two looks are told of,
 * once: the first look may have come in the middle of a change.
 *
 * @throws ConfigError naming every fault of the files as they are now.
 */
export async function openIdentity(
  files: IdentityFiles,
  { log, everyMs = 2_000 }: FollowOptions,
): Promise<LiveIdentity> {
  const first = await readAll(files);
  const begun = identityOf(files, first);
  if ("faults" in begun) throw new ConfigError(begun.faults);
  const listeners = new Set<(now: Identity) => void>();
  let current = begun;
  let used = signOf(first);
  let doubtful = { sign: "", looks: 0 };
  let looking = false;

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    const texts = await readAll(files);
    looking = false;
    const sign = signOf(texts);
    if (sign === used) return;
    const now = identityOf(files, texts);
    if ("faults" in now) {
      doubtful = { sign, looks: doubtful.sign === sign ? doubtful.looks + 1 : 1 };
      if (doubtful.looks !== 2) return;
      log.error("the files of the hops' certificate cannot be used: what was read before holds", {
        faults: now.faults,
      });
      return;
    }
    used = sign;
    current = now;
    for (const listener of listeners) listener(now);
  }

  const timer = setInterval(look, everyMs);
  timer.unref();
  return {
    get current() {
      return current;
    },
    follow: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      listeners.clear();
    },
  };
}

async function readAll({ cert, key, ca }: IdentityFiles): Promise<IdentityTexts> {
  const [first, second, third] = await Promise.all([
    readText(cert, bytesMax),
    readText(key, bytesMax),
    readText(ca, bytesMax),
  ]);
  return { cert: first, key: second, ca: third };
}

/** Changes with what the files hold, and with why one cannot be read. */
function signOf(texts: IdentityTexts): string {
  return [texts.cert, texts.key, texts.ca]
    .map((each) => ("text" in each ? each.text : `error ${each.error.message}`))
    .join("\0");
}
