import type { Publisher, PublishOptions, PublishResult } from "../broker/publisher.ts";
import { within } from "../pause.ts";
import { createEndpoints } from "./endpoints.ts";
import { notStored } from "./hop.ts";
import { asItStands, isName, type LookUp, type Watch, watchNames } from "./look-up.ts";

/** The next station, wherever it runs. */
export interface SpreadOptions<T> {
  /** Where it is: one or more. */
  readonly addresses: readonly URL[];
  /**
   * Makes a publisher to one place, of which `name` is the host that its address names; it connects when there is something
   * to publish.
   */
  open(place: URL, name: string): Publisher<T>;
  /** How host names in clear-text addresses are looked up; without it each address is one place, as it stands. */
  readonly lookUp?: LookUp;
  /** Whether `open` has places verified by `name`, so that host names in `https` addresses are looked up too. @default false */
  readonly verifiesNames?: boolean;
  /** How often names are looked up, in milliseconds. @default 5000 */
  readonly resolveMs?: number;
}

/**
 * Publishes each event to one of the places of the next station, the one with the least in flight. Names are looked up
 * again and again, so that what scales behind a name (a headless Service) is followed: a new IP address gets a publisher
 * of its own, one that vanished is drained and disposed.
 *
 * A place whose connection failed is avoided for a while, a second at most, unless there is no other, and an event for
 * which there was no connection goes to another place, once, within its deadline. What may have been sent is never sent
 * again here: that is for the first door (`repeating`).
 *
 * Ready where any place is.
 */
export function spread<T>(options: SpreadOptions<T>): Publisher<T> {
  const { addresses, lookUp, verifiesNames } = options;
  const [first] = addresses;
  if (first === undefined) throw new Error("Cannot hand on: there is no address");
  const named = lookUp !== undefined && addresses.some((each) => isName(each, verifiesNames));
  // One place needs no choice.
  if (addresses.length === 1 && !named) return options.open(first, first.hostname);
  return spreadOver(options, named ? lookUp : undefined);
}

/** Several places, or those of a name. */
function spreadOver<T>(
  { addresses, open, verifiesNames, resolveMs = 5_000 }: SpreadOptions<T>,
  lookUp: LookUp | undefined,
): Publisher<T> {
  const target = addresses.map(({ href }) => href).join(", ");
  const endpoints = createEndpoints<T>(({ url, name }) => open(url, name));
  const watched = { everyMs: resolveMs, onPlaces: endpoints.set, verifiesNames };
  const watch = lookUp && watchNames(addresses, { lookUp, ...watched });
  if (watch === undefined) endpoints.set(addresses.map(asItStands));
  const drained = Promise.withResolvers<void>();
  let inFlight = 0;
  let closed = false;

  /** The results of one event. */
  async function one(event: readonly T[], options: PublishOptions): Promise<Results> {
    if (closed) return [notStored("unavailable", `Cannot hand on to ${target}: it is closed`)];
    inFlight += 1;
    try {
      if (watch !== undefined && endpoints.all.length === 0) await beforeDeadline(watch, options);
      return await publishOnce(event, options);
    } finally {
      inFlight -= 1;
      if (closed && inFlight === 0) drained.resolve();
    }
  }

  /** To one place or, where nobody listens there, to another. */
  async function publishOnce(event: readonly T[], options: PublishOptions): Promise<Results> {
    const endpoint = endpoints.pick();
    if (endpoint === undefined) {
      const why = `Cannot hand on to ${target}: it could not be looked up in time`;
      return [notStored("deadline", why)];
    }
    const results = await endpoint.publish(event, options);
    const [result] = results;
    if (result === undefined || result.stored || !result.error.unanswered) return results;
    watch?.hurry();
    const other = result.error.unreached ? endpoints.pick(endpoint) : undefined;
    if (other === undefined || Date.now() >= options.deadlineAtMs) return results;
    return other.publish(event, options);
  }

  return {
    publish: async (events, options) => {
      // What doors publish: no copies for it.
      if (events.length === 1) return one(events, options);
      return (await Promise.all(events.map((event) => one([event], options)))).flat();
    },
    ready: () => anyOf(endpoints.all.map(({ publisher }) => publisher.ready())),
    [Symbol.asyncDispose]: async () => {
      closed = true;
      if (inFlight === 0) drained.resolve();
      await drained.promise;
      watch?.[Symbol.dispose]();
      await endpoints[Symbol.asyncDispose]();
    },
  };
}

type Results = readonly PublishResult[];

/** Waits until the names have been looked up once, or the deadline has passed. */
async function beforeDeadline({ first }: Watch, { deadlineAtMs }: PublishOptions): Promise<void> {
  const leftMs = Math.max(0, deadlineAtMs - Date.now());
  await within("look up the next station", leftMs, first).catch(() => {});
}

/** Whether one of the promises yields true: as soon as one does. */
async function anyOf(promises: readonly Promise<boolean>[]): Promise<boolean> {
  const yes = promises.map(async (each) => {
    if (!(await each)) throw new Error("no");
    return true;
  });
  return Promise.any(yes).catch(() => false);
}
