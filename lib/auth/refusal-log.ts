import type { Log } from "../log.ts";

/** How long refusals of one kind are counted before a line tells of them, in milliseconds. */
const lineMs = 1_000;

/** How many kinds are told apart in that time; further ones are summed up. */
const kindsMax = 100;

/** What of a refusal tells it from others. */
export interface RefusalKind {
  /** Undefined where nobody knows who it is. */
  readonly client: string | undefined;
  readonly reason: string;
  readonly door: string;
}

/** What the line says of the first refusal of its kind beside that. */
export interface RefusalTraits {
  /** The address that it came from, where it is known. */
  readonly remote: string | undefined;
  /** The beginning of the digest of the key that was presented. */
  readonly keyHint: string | undefined;
}

/** Tells who was refused. Disposing tells what has not been told yet. */
export interface RefusalLog extends Disposable {
  /** `traits` is asked at once, and only for the first of a kind. */
  add(kind: RefusalKind, traits: () => RefusalTraits): void;
}

interface Seen {
  readonly kind: RefusalKind;
  readonly traits: RefusalTraits;
  count: number;
}

/**
 * The audit log of refusals: for each client, reason and door one line a second at most, with how many there were, the
 * address of the first and the hint of its key. Neither keys nor bodies come here. Lines are up to a second late.
 */
export function refusalLog(log: Log, everyMs = lineMs): RefusalLog {
  const seen = new Map<string, Seen>();
  let others = 0;
  let timer: Timer | undefined;

  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const { kind, traits, count } of seen.values()) {
      const { client = "unknown", reason, door } = kind;
      log.warn("refused at the door", { client, reason, door, count, ...traits });
    }
    if (others > 0) log.warn("refused at the door, of many more kinds", { count: others });
    seen.clear();
    others = 0;
  }

  return {
    add: (kind, traits) => {
      if (timer === undefined) {
        timer = setTimeout(tell, everyMs);
        timer.unref();
      }
      const id = `${kind.client ?? ""} ${kind.reason} ${kind.door}`;
      const before = seen.get(id);
      if (before !== undefined) before.count += 1;
      else if (seen.size < kindsMax) seen.set(id, { kind, traits: traits(), count: 1 });
      else others += 1;
    },
    [Symbol.dispose]: tell,
  };
}
