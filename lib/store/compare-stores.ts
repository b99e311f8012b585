import type { KeyImage, StoreBeside } from "./beside.ts";
import { digestOf } from "./key-digest.ts";

/** What folding tells of keys whose content depends on when, or in which order, events were folded. */
export interface FoldTraits {
  /** How many entries or values a key keeps at most, where it is bounded. */
  readonly bounds: ReadonlyMap<string, number>;
  /** Lists whose values had outlived their time when they were folded anew. */
  readonly outlived: ReadonlySet<string>;
}

/** A key that does not hold the same in both stores. */
export interface Difference {
  readonly key: string;
  readonly why: string;
}

/** Two stores, held against each other. */
export interface Comparison {
  /** How many keys were compared. */
  readonly keys: number;
  readonly live: string;
  readonly fresh: string;
  /** At most 1,000, by key; `differing` counts all. */
  readonly differences: readonly Difference[];
  readonly differing: number;
  /** Full streams and lists, which are compared by their length alone: the order of folding says which entries stay. */
  readonly byLength: readonly string[];
  /** Keys that are left out, since what they hold depends on when they were folded. */
  readonly leftOut: readonly string[];
}

const differencesMax = 1_000;
const keysMax = 3_000_000;

type Images = ReadonlyMap<string, KeyImage>;

/**
 * Compares what folds have written. What has expired by the end of the comparison is in neither.
 *
 * @throws Error where a store has more than 3,000,000 keys.
 */
export async function compareStores(
  stores: Pick<StoreBeside, "keys">,
  { bounds, outlived }: FoldTraits,
): Promise<Comparison> {
  const [live, fresh] = [await imagesOf(stores, "live"), await imagesOf(stores, "fresh")];
  const nowMs = Date.now();
  const isOver = (image: KeyImage | undefined) => (image?.expiresMs ?? nowMs + 1) <= nowMs;
  const isFull = (image: KeyImage | undefined) =>
    image !== undefined && image.length >= (bounds.get(image.key) ?? Number.POSITIVE_INFINITY);
  const found: Difference[] = [];
  const byLength: string[] = [];
  const leftOut: string[] = [];
  const sums = { live: [] as string[], fresh: [] as string[] };
  let keys = 0;
  for (const key of [...new Set([...live.keys(), ...fresh.keys()])].sort()) {
    const [one, other] = [live.get(key), fresh.get(key)];
    if (outlived.has(key)) leftOut.push(key);
    if (outlived.has(key) || isOver(one) || isOver(other)) continue;
    keys++;
    const full = isFull(one) && isFull(other);
    if (full) byLength.push(key);
    if (one !== undefined) sums.live.push(lineOf(one, full));
    if (other !== undefined) sums.fresh.push(lineOf(other, full));
    const why = differenceOf(one, other, full);
    if (why !== undefined) found.push({ key, why });
  }
  return {
    ...{ keys, byLength, leftOut, differing: found.length },
    live: digestOf(sums.live),
    fresh: digestOf(sums.fresh),
    differences: found.slice(0, differencesMax),
  };
}

async function imagesOf(stores: Pick<StoreBeside, "keys">, of: "live" | "fresh"): Promise<Images> {
  const images = new Map<string, KeyImage>();
  for await (const image of stores.keys(of)) {
    images.set(image.key, image);
    if (images.size > keysMax) {
      throw new Error(`Cannot compare stores: one has too many keys: current value is ${keysMax}+`);
    }
  }
  return images;
}

function lineOf({ key, kind, length, digest }: KeyImage, full: boolean): string {
  return JSON.stringify([key, kind, length, full ? "" : digest]);
}

function differenceOf(
  live: KeyImage | undefined,
  fresh: KeyImage | undefined,
  full: boolean,
): string | undefined {
  if (live === undefined) return "the log has it, the live store does not";
  if (fresh === undefined) return "the live store has it, the log does not";
  if (live.kind !== fresh.kind) return `${live.kind} in the live store, ${fresh.kind} by the log`;
  if (live.length !== fresh.length) {
    return `${live.length} items in the live store, ${fresh.length} by the log`;
  }
  return full || live.digest === fresh.digest ? undefined : `another content of one ${live.kind}`;
}
