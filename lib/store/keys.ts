import type { EventId } from "../event/event-id.ts";

/** How long a key is remembered where nothing else is said: 24 hours. */
export const keyWindowMs = 86_400_000;

/** `id` is the event's: the one given, or the one that the key got the first time. */
export type ClaimResult =
  | { readonly claimed: true; readonly id: EventId }
  | { readonly claimed: false; readonly reason: "other-body" };

/**
 * The idempotency keys that clients chose, each bound to the id that its first request got.
 *
 * `claim` is atomic over all processes: of many at once with one key, all get the same id. A key is remembered at least
 * for the window that the driver was made with, and bound to the fingerprint of its first body; another body is told
 * so. It rejects where the keys cannot be reached.
 */
export interface Keys extends AsyncDisposable {
  claim(key: string, id: EventId, fingerprint: number): Promise<ClaimResult>;
}
