import { rateLimit } from "../token-bucket.ts";
import { type AdaptiveLimit, adaptiveLimit, type Place } from "./adaptive-limit.ts";
import type { Failure } from "./failure.ts";

/**
 * Why a door has no room: more came than the rate allows (`rate`), as many are in flight as may be (`in-flight`), or as many
 * bodies are on their way in as may be (`bodies`).
 */
type NoRoom = "rate" | "in-flight" | "bodies";

/** A refusal for want of room. It has no effect, ever. */
export type Overloaded = Failure<"overloaded">;

/** How much a process takes on. */
export interface AdmissionOptions {
  /** Events a second, after a burst of a fifth of a second; 0 is no limit. */
  readonly ratePerSecond: number;
  /** The most events in flight at one time, and the most bodies on their way in; the adaptive limit stays below it. */
  readonly inFlightMax: number;
  /** An event that took longer says that too many are in flight, in milliseconds. @default 500 */
  readonly slowMs?: number;
  /** Hears of every event that was let in. */
  readonly onAdmitted?: () => void;
  /** Hears of every event that was refused. */
  readonly onRefused?: (reason: NoRoom) => void;
  /** A clock that never goes back, in milliseconds. */
  readonly clock?: () => number;
}

/**
 * What stands before a process's doors: it refuses at once what there is no room for, and keeps no queue, in which events
 * would wait for others' deadlines. One for all doors of a process. Doors ask for events alone: health, metrics and plain
 * texts are always answered.
 */
export interface Admission {
  /**
   * Asked first, when nothing of the body has been looked at; `admitted` says that a door before has let it in. What is not
   * refused has no place yet, and has cost nothing: slow and malformed requests take none of what others may send.
   */
  refuse(admitted: boolean): Overloaded | undefined;
  /** Asked before a body is read that is still on its way; undefined lets it be read, and `bodyRead` is to follow. */
  refuseBody(): Overloaded | undefined;
  bodyRead(): void;
  /** A place for a valid event, until it is answered; it costs a token, unless a door before has let it in. */
  enter(admitted: boolean): Place | Overloaded;
  /** The adaptive limit. */
  readonly inFlight: Pick<AdaptiveLimit, "limit" | "inFlight">;
}

const slowDefaultMs = 500;

const details: Readonly<Record<NoRoom, string>> = {
  rate: "more events came than are taken a second; nothing was done",
  "in-flight": "as many events are in flight as may be; nothing was done",
  bodies: "as many bodies are on their way as may be; nothing was done",
};

/** Makes a process's admission. */
export function createAdmission(options: AdmissionOptions): Admission {
  const { ratePerSecond, inFlightMax, slowMs = slowDefaultMs } = options;
  const { onAdmitted, onRefused, clock = () => performance.now() } = options;
  const bucket = ratePerSecond > 0 ? rateLimit(ratePerSecond, clock) : undefined;
  const inFlight = adaptiveLimit({ max: inFlightMax, slowMs, clock });
  let bodies = 0;

  function refusal(reason: NoRoom): Overloaded {
    onRefused?.(reason);
    return { kind: "overloaded", detail: details[reason] };
  }

  return {
    refuse: (admitted) => {
      if (!inFlight.hasRoom()) return refusal("in-flight");
      return admitted || (bucket?.has() ?? true) ? undefined : refusal("rate");
    },
    refuseBody: () => {
      if (bodies >= inFlightMax) return refusal("bodies");
      bodies += 1;
      return undefined;
    },
    bodyRead: () => {
      bodies -= 1;
    },
    enter: (admitted) => {
      // In this order: what there is no place for costs no token.
      if (!inFlight.hasRoom()) return refusal("in-flight");
      if (!(admitted || (bucket?.take() ?? true))) return refusal("rate");
      const place = inFlight.enter();
      if (place === undefined) return refusal("in-flight");
      onAdmitted?.();
      return place;
    },
    inFlight,
  };
}
