import { ConfigError, type ConfigOf } from "../config.ts";
import type { Log } from "../log.ts";
import type { apiKeys } from "../variables.ts";
import { type FileText, readText, watchText } from "../watch-text.ts";
import {
  type Authentication,
  type AuthenticationOptions,
  createAuthentication,
} from "./authentication.ts";
import { type KeyRing, keyRing } from "./key-ring.ts";
import { keysBytesMax, parseKeysFile } from "./keys-file.ts";
import { refusalLog } from "./refusal-log.ts";

/** What an authentication by a file needs beside the file. */
export interface OpenOptions extends Pick<AuthenticationOptions, "onRefused" | "clock"> {
  readonly log: Log;
  /** How often the file is looked at, in milliseconds. @default 2000 */
  readonly everyMs?: number;
}

/** What a file holds: keys, or what is wrong with it. */
type Read = { readonly ring: KeyRing } | { readonly faults: readonly string[] };

/**
 * The authentication that the configuration asks for; undefined where it asks for none. The file is read again while it
 * is open: a line that is gone counts no longer, a new one does. A file that cannot be used leaves the keys as they were.
 *
 * @throws ConfigError for a file that cannot be used now, with every fault, and for a rate of no use.
 */
export async function openAuthentication(
  { API_KEYS_FILE: file, CLIENT_RATE: clientRate }: ConfigOf<typeof apiKeys>,
  { log, everyMs, ...options }: OpenOptions,
): Promise<(Authentication & Disposable) | undefined> {
  if (file === undefined) {
    if (clientRate === 0) return undefined;
    throw new ConfigError([
      `CLIENT_RATE is of no use without API_KEYS_FILE: current value is "${clientRate}"`,
    ]);
  }
  const ringOf = (now: FileText, before?: KeyRing): Read => {
    if ("error" in now) return { faults: [`cannot be read: ${now.error.message}`] };
    const { keys, faults } = parseKeysFile(now.text);
    if (faults.length > 0) return { faults };
    return { ring: keyRing(keys, { clientRate, clock: () => performance.now(), before }) };
  };
  const first = await readText(file, keysBytesMax);
  const begun = ringOf(first);
  if ("faults" in begun) {
    throw new ConfigError(begun.faults.map((fault) => `API_KEYS_FILE "${file}" ${fault}`));
  }
  let { ring } = begun;
  tell(log, ring);
  const resources = new DisposableStack();
  const refusals = resources.use(refusalLog(log));
  const onChange = (now: FileText) => {
    const next = ringOf(now, ring);
    if ("faults" in next) {
      log.error("API_KEYS_FILE cannot be used: the keys before it hold", next);
    } else {
      ring = next.ring;
      tell(log, ring);
    }
  };
  const watch = { last: first, bytesMax: keysBytesMax, onChange };
  resources.use(watchText(file, everyMs === undefined ? watch : { ...watch, everyMs }));
  return {
    ...createAuthentication({ ...options, ring: () => ring, refusals }),
    [Symbol.dispose]: () => resources.dispose(),
  };
}

function tell(log: Log, { keys }: KeyRing): void {
  if (keys > 0) log.info("events are taken from clients with a key", { keys });
  else log.warn("API_KEYS_FILE holds no key: every event is refused");
}
