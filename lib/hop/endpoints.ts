import type { Publisher, PublishOptions, PublishResult } from "../broker/publisher.ts";
import type { Place } from "./look-up.ts";

/** One place that events can go to. */
export interface Endpoint<T> {
  readonly publisher: Publisher<T>;
  /** Publishes, and minds how many events are under way and whether anybody answers. */
  publish(events: readonly T[], options: PublishOptions): Promise<readonly PublishResult[]>;
  readonly inFlight: number;
  /** Until when others go before it, by `performance.now()`. */
  readonly avoidedUntilMs: number;
}

/** The places of one hop. */
export interface Endpoints<T> extends AsyncDisposable {
  readonly all: readonly Endpoint<T>[];
  /** Opens what is new, drains and disposes what is gone. */
  set(places: readonly Place[]): void;
  /**
   * The one with the least in flight, in turn among equals; one that did not answer only where there is no other.
   * `except` is none; undefined where that leaves nothing.
   */
  pick(except?: Endpoint<T>): Endpoint<T> | undefined;
}

/** The most places that are used; of more, those that come first in the order of their addresses. */
const endpointsMax = 64;

/** How long a place that did not answer is avoided, in milliseconds: doubling from the least to the most. */
const avoidedMinMs = 50;
const avoidedMaxMs = 1_000;

/** Starts with no place at all. */
export function createEndpoints<T>(open: (place: Place) => Publisher<T>): Endpoints<T> {
  let byHref: ReadonlyMap<string, Endpoint<T>> = new Map();
  let all: readonly Endpoint<T>[] = [];
  let turn = 0;
  const leaving = new Set<Promise<void>>();

  function leave({ publisher }: Endpoint<T>): void {
    const gone = Promise.resolve(publisher[Symbol.asyncDispose]());
    leaving.add(gone);
    void gone.finally(() => leaving.delete(gone));
  }

  function set(places: readonly Place[]): void {
    const given = new Map(places.map((place) => [place.url.href, place]));
    const used = [...given].toSorted(([one], [other]) => (one < other ? -1 : 1));
    const before = byHref;
    byHref = new Map(
      used
        .slice(0, endpointsMax)
        .map(([href, place]) => [href, before.get(href) ?? createEndpoint(open(place))]),
    );
    all = [...byHref.values()];
    for (const [href, endpoint] of before) if (!byHref.has(href)) leave(endpoint);
  }

  return {
    get all() {
      return all;
    },
    set,
    pick: (except) => {
      const now = performance.now();
      let best: Endpoint<T> | undefined;
      for (let step = 1; step <= all.length; step += 1) {
        const each = all[(turn + step) % all.length];
        if (each === undefined || each === except) continue;
        if (best === undefined || isBetter(each, best, now)) best = each;
      }
      if (best !== undefined) turn = all.indexOf(best);
      return best;
    },
    [Symbol.asyncDispose]: async () => {
      set([]);
      await Promise.all(leaving);
    },
  };
}

function isBetter<T>(one: Endpoint<T>, other: Endpoint<T>, now: number): boolean {
  const avoided = one.avoidedUntilMs > now;
  if (avoided !== other.avoidedUntilMs > now) return !avoided;
  return one.inFlight < other.inFlight;
}

function createEndpoint<T>(publisher: Publisher<T>): Endpoint<T> {
  let inFlight = 0;
  let avoidedMs = 0;
  let avoidedUntilMs = 0;

  /** Of events that fail together the first alone counts. */
  function heard(result: PublishResult | undefined): void {
    if (result === undefined) return;
    if (result.stored || !result.error.unanswered) {
      avoidedMs = 0;
      return;
    }
    const now = performance.now();
    if (now < avoidedUntilMs) return;
    avoidedMs = Math.min(avoidedMaxMs, Math.max(avoidedMinMs, avoidedMs * 2));
    avoidedUntilMs = now + avoidedMs;
  }

  return {
    publisher,
    get inFlight() {
      return inFlight;
    },
    get avoidedUntilMs() {
      return avoidedUntilMs;
    },
    publish: async (events, options) => {
      inFlight += 1;
      try {
        const results = await publisher.publish(events, options);
        heard(results[0]);
        return results;
      } finally {
        inFlight -= 1;
      }
    },
  };
}
