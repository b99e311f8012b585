import { createHash } from "node:crypto";
import type { EventId } from "./event-id.ts";
import { idTimeMs, parseEventId } from "./event-id.ts";

/**
 * The id of a foreign message that carries none: its position is its identity, so every delivery of it gets the same
 * id. The time is the broker's; the rest is the SHA-256 of partition and offset, in the layout of a UUIDv7.
 */
export function positionalId(partition: string, offset: number, atMs: number): EventId {
  const time = idTimeMs(atMs).toString(16).padStart(12, "0");
  const hash = createHash("sha256").update(`${partition}/${offset}`).digest("hex");
  const text = `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
  const id = parseEventId(text);
  if (id === undefined)
    throw new Error(`Cannot make an id of a position: current value is ${text}`);
  return id;
}
