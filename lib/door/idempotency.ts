import type { DescMessage, Message } from "@bufbuild/protobuf";
import { type EventId, eventTimeMs, newEventId, parseEventId } from "../event/event-id.ts";
import { fingerprint } from "../event/fingerprint.ts";
import type { Keys } from "../store/keys.ts";
import type { Failure } from "./failure.ts";

/** The HTTP header and gRPC metadata that carry a client's key in a request, and the event's id in a reply. */
export const idempotencyKey = "idempotency-key";

/** Set to `1` on what our own hops hand on: the door before has settled the key already. */
export const forwardedMark = "x-event-forwarded";

/** How far a client's clock may be ahead, in milliseconds. */
const skewMs = 60_000;

/** How long a claim may take, in milliseconds. */
const claimMs = 1_000;

/** How long claims that are not needed are left out after one failed, in milliseconds. */
const pauseMs = 1_000;

const visibleAscii = /^[\x21-\x7e]{1,255}$/;

/** The id that an event has, and why it cannot be taken under it. */
export interface Identity {
  readonly id: EventId;
  readonly failure?: Failure;
}

/** What of a request decides about its id. */
export interface KeyedRequest {
  /** The key as it was sent; null where none was. */
  readonly key: string | null;
  /** Who sent it, where clients are told apart. */
  readonly client?: string | undefined;
  /** Whether one of our hops sent it. */
  readonly forwarded: boolean;
  readonly message: Message;
}

/** What an identifier needs. */
export interface IdentifierOptions {
  readonly schema: DescMessage;
  /** Where clients' keys are claimed; without it only keys that are ids themselves are taken. */
  readonly keys: Keys | undefined;
  /** How old an id that a client sends may be, in milliseconds. */
  readonly windowMs: number;
  readonly clock: () => number;
  /** Hears of every claim that could not be made. */
  onFault(error: unknown): void;
}

/** The id that a reply to a refused request carries: the client's own where its key is one, else a fresh one. */
export function provisionalId(key: string | null): EventId {
  return (key === null ? undefined : parseEventId(key)) ?? newEventId();
}

/**
 * Finds the id of each request's event. Without a key it is fresh. A key that is a UUIDv7 is the id itself; it is
 * claimed too, so that another body under it is told, but only softly: where the keys cannot be reached the request goes
 * on and the store has the last word. Any other key is claimed and gets the id that it had the first time, each client's
 * by itself: what two clients call by one name are two events.
 */
export function identifier(
  options: IdentifierOptions,
): (request: KeyedRequest) => Promise<Identity> {
  const { schema, keys, windowMs, clock, onFault } = options;
  let softAgainAtMs = 0;

  async function claim(key: string, id: EventId, message: Message): Promise<Identity> {
    if (keys === undefined) throw new Error("Cannot claim a key: no key store is configured");
    const result = await inTime(keys.claim(key, id, fingerprint(schema, message)));
    if (result.claimed) return { id: result.id };
    const detail = "the key was used for another body before";
    return { id, failure: { kind: "conflict", detail } };
  }

  async function claimSoftly(id: EventId, message: Message): Promise<Identity> {
    if (keys === undefined || clock() < softAgainAtMs) return { id };
    try {
      return await claim(id, id, message);
    } catch (error) {
      softAgainAtMs = clock() + pauseMs;
      onFault(error);
      return { id };
    }
  }

  return async ({ key, client, forwarded, message }) => {
    if (key === null) return { id: newEventId() };
    const id = parseEventId(key);
    if (id !== undefined) {
      if (forwarded) return { id };
      const failure = windowFault(eventTimeMs(id), clock(), windowMs);
      return failure === undefined ? claimSoftly(id, message) : { id, failure };
    }
    const fresh = newEventId();
    if (!visibleAscii.test(key)) {
      const detail = "the key must be 1 to 255 visible ASCII characters";
      return { id: fresh, failure: { kind: "bad-key", detail } };
    }
    try {
      return await claim(ownKey(client, key), fresh, message);
    } catch (error) {
      onFault(error);
      const detail = "a key that is no UUIDv7 cannot be looked up now; nothing was done";
      return { id: fresh, failure: { kind: "no-keys", detail } };
    }
  };
}

/** A client's key among those of all: neither part has a space, so that no two of them are one. */
function ownKey(client: string | undefined, key: string): string {
  return client === undefined ? key : `${client} ${key}`;
}

function windowFault(timeMs: number, nowMs: number, windowMs: number): Failure | undefined {
  if (timeMs > nowMs + skewMs) {
    return { kind: "stale-key", detail: "the key's time lies in the future" };
  }
  if (timeMs < nowMs - windowMs) {
    const detail = `the key is older than the ${Math.floor(windowMs / 1_000)} s for which it may be repeated`;
    return { kind: "stale-key", detail };
  }
  return undefined;
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`Cannot claim a key: no answer within ${claimMs} ms`)),
    claimMs,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
