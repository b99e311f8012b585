declare const brand: unique symbol;

/**
 * The identity of an event: a UUIDv7 (RFC 9562, section 5.7) in canonical lower-case text. Its first 48 bits are the
 * event's time in milliseconds since the Unix epoch, the only clock that anything derived from the event may use.
 */
export type EventId = string & { readonly [brand]: "EventId" };

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

const timeMaxMs = 2 ** 48 - 1;

/** A fresh id; ids made by one process rise, also within a millisecond. */
export function newEventId(atMs = Date.now()): EventId {
  return Bun.randomUUIDv7("hex", idTimeMs(atMs)) as EventId;
}

/** The nearest time that an id can tell: whole milliseconds since the Unix epoch, of 48 bits. What a broker says may be any number. */
export function idTimeMs(atMs: number): number {
  return Math.min(Math.max(Math.trunc(atMs) || 0, 0), timeMaxMs);
}

/** The id that `text` spells, in any case, or undefined where it is no UUIDv7. */
export function parseEventId(text: string): EventId | undefined {
  return uuidV7.test(text) ? (text.toLowerCase() as EventId) : undefined;
}

/** The event's time: milliseconds since the Unix epoch. */
export function eventTimeMs(id: EventId): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

const nsPerMs = 1_000_000;

/**
 * The event's time as nanoseconds since the Unix epoch: those within the millisecond come from the 24 bits that follow the
 * time, so they rise with the ids of one process and differ between ids. Two ids of one millisecond share them once in
 * about a million.
 */
export function eventTimeNs(id: EventId): bigint {
  const rest = Number.parseInt(id.slice(15, 18) + id.slice(20, 23), 16);
  return BigInt(eventTimeMs(id)) * BigInt(nsPerMs) + BigInt(Math.floor((rest * nsPerMs) / 2 ** 24));
}

/** The 16 bytes of an id, most significant first. */
export function eventIdBytes(id: EventId): Buffer {
  return Buffer.from(id.replaceAll("-", ""), "hex");
}
