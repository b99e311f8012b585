import { slug } from "../../../lib/pipeline/slug.ts";
import type { Counts } from "../../../loadtest/compare.ts";
import type { Mix } from "../../../loadtest/mixes/mix.ts";
import { municipalityNames } from "../../../loadtest/tweets.ts";
import type { Effect } from "./client-ledger.ts";
import type { ClientRequest } from "./open-client.ts";

const placeEffect = "reports:municipality ";

/** The keys whose counts are compared: those of the mix and, where places are counted, what each place adds up to. */
export function countedKeys({ compared }: Mix): readonly string[] {
  const hasPlaces = compared.includes(placeEffect.trim());
  return hasPlaces ? [...compared, ...municipalityNames.map(statsOf)] : compared;
}

/** Those of the counts that only ever add up: a least and a greatest do not. */
export function addingUp(counts: Counts): Counts {
  return new Map([...counts].filter(([name]) => !/_(min|max)$/.test(name)));
}

/** The request of the mix's event with this index, with everything that it adds to the counts. */
export function requestOf(mix: Mix, index: number, url: URL): ClientRequest {
  const { body, effects } = mix.event(index);
  const ones = effects.map((name): Effect => [name, 1]);
  return { url, body: JSON.stringify(body), effects: [...ones, ...placeSums(effects, body)] };
}

/** The name of the place that an event is about, by what it adds up to. */
export function placeOf(effects: readonly (readonly [string, number])[]): string | undefined {
  const found = effects.find(([name]) => name.startsWith(placeEffect));
  return found?.[0].slice(placeEffect.length);
}

/** What these events add up to. */
export function sumOfEffects(all: Iterable<readonly Effect[]>): Counts {
  const sums = new Map<string, number>();
  for (const effects of all) {
    for (const [name, by] of effects) sums.set(name, (sums.get(name) ?? 0) + by);
  }
  return sums;
}

function statsOf(place: string): string {
  return `stats:${slug(place)}`;
}

function placeSums(effects: readonly string[], body: object): readonly Effect[] {
  const place = placeOf(effects.map((name) => [name, 1]));
  if (place === undefined) return [];
  const fields = new Map<string, unknown>(Object.entries(body));
  const weather = effects.find((name) => name.startsWith("reports:weather "))?.slice(16);
  return [
    [`${statsOf(place)} count`, 1],
    [`${statsOf(place)} weather:${weather}`, 1],
    [`${statsOf(place)} temperature_sum`, Number(fields.get("temperature"))],
    [`${statsOf(place)} humidity_sum`, Number(fields.get("humidity"))],
  ];
}
