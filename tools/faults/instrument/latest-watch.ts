import type { Redis } from "ioredis";
import { slug } from "../../../lib/pipeline/slug.ts";
import { municipalityNames } from "../../../loadtest/tweets.ts";

/** Looks at the newest report of every place while events are folded. */
export interface LatestWatch extends Disposable {
  /** Each time that a place went back in event time, in a sentence. */
  readonly steps: readonly string[];
  /** The id of the event that a place shows last, in hexadecimal, by the place's slug. */
  now(): Promise<ReadonlyMap<string, string>>;
}

const everyMs = 100;
const stepsMax = 20;

/** The slugs of the places of `clima-app`. */
export const places: readonly string[] = municipalityNames.map(slug);

/** Begins to look; a store that is away is not looked at. */
export function watchLatest(redis: Redis): LatestWatch {
  const newest = new Map<string, string>();
  const steps: string[] = [];
  let looking = false;
  const read = async () => {
    const ids = await Promise.all(
      places.map((place) => redis.getBuffer(`tp:version:municipality:${place}`)),
    );
    return new Map(
      places.flatMap((place, index) => {
        const id = ids[index];
        return id ? [[place, id.toString("hex")] as const] : [];
      }),
    );
  };
  const look = async () => {
    for (const [place, id] of await read()) {
      const before = newest.get(place) ?? "";
      if (id < before && steps.length < stepsMax) steps.push(`${place}: ${before} → ${id}`);
      newest.set(place, id);
    }
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look()
      .catch(() => {})
      .finally(() => {
        looking = false;
      });
  }, everyMs);
  return { steps, now: read, [Symbol.dispose]: () => clearInterval(timer) };
}
