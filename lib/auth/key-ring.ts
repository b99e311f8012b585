import { rateLimit, type TokenBucket } from "../token-bucket.ts";
import type { KeyLine } from "./keys-file.ts";

/** Whose a key is, and how long. */
export interface KeyHolder {
  readonly client: string;
  /** The SHA-256 of the key. */
  readonly digest: Buffer;
  readonly untilMs: number;
  /** The client's rate, one for all of its keys; undefined where it has none. */
  readonly bucket: TokenBucket | undefined;
}

/** A client's rate with its tokens. */
interface Rate {
  readonly perSecond: number;
  readonly bucket: TokenBucket;
}

/** The keys of a file. */
export interface KeyRing {
  find(digest: Buffer): KeyHolder | undefined;
  readonly keys: number;
  /** By client: as many at most as the file has clients. */
  readonly rates: ReadonlyMap<string, Rate>;
}

/** What a ring needs beside its keys. */
export interface KeyRingOptions {
  /** The events a second of clients for whom the file says nothing; 0 is no limit. */
  readonly clientRate: number;
  /** A clock that never goes back, in milliseconds. */
  readonly clock: () => number;
  /** The ring before this one: clients whose rate has not changed keep what they have spent. */
  readonly before?: KeyRing | undefined;
}

/** Makes a ring of a file without faults. */
export function keyRing(lines: readonly KeyLine[], options: KeyRingOptions): KeyRing {
  const rates = ratesOf(lines, options);
  const holders = new Map(
    lines.map(({ client, digest, untilMs = Number.POSITIVE_INFINITY }): [string, KeyHolder] => [
      digest,
      { client, digest: Buffer.from(digest, "hex"), untilMs, bucket: rates.get(client)?.bucket },
    ]),
  );
  return { find: (digest) => holders.get(digest.toString("hex")), keys: holders.size, rates };
}

function ratesOf(
  lines: readonly KeyLine[],
  { clientRate, clock, before }: KeyRingOptions,
): ReadonlyMap<string, Rate> {
  const perSecond = new Map(lines.map(({ client }) => [client, clientRate]));
  for (const { client, ratePerSecond } of lines) {
    if (ratePerSecond !== undefined) perSecond.set(client, ratePerSecond);
  }
  return new Map(
    [...perSecond].flatMap(([client, rate]): readonly [string, Rate][] => {
      if (rate === 0) return [];
      const same = before?.rates.get(client);
      if (same?.perSecond === rate) return [[client, same]];
      return [[client, { perSecond: rate, bucket: rateLimit(rate, clock) }]];
    }),
  );
}
