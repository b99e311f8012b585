import { requestsMax } from "../../mixes/mix.ts";

/** A pause between two requests of a user, in seconds. */
export interface Pause {
  readonly least: number;
  readonly most: number;
}

/** What a script does where its environment says nothing. */
export interface Defaults {
  readonly requests: number;
  readonly pause: string;
}

/** What a script reads from its environment. */
export interface Settings {
  readonly baseUrl: string;
  readonly boardUrl: string;
  readonly route: string;
  readonly requests: number;
  readonly users: number;
  readonly pause: Pause;
  /** How long the stores may take to catch up, in seconds. */
  readonly drainS: number;
  /** Whether a board that does not answer is a failure. */
  readonly requireCheck: boolean;
  /** The key that the users send, where one is needed. */
  readonly apiKey: string | undefined;
}

/**
 * Reads `BASE_URL`, `BOARD_URL`, `ROUTE`, `REQUESTS`, `USERS`, `PAUSE` (`0`, or `1-5`), `DRAIN`, `CHECK` and `API_KEY`.
 *
 * @throws Error naming what is wrong.
 */
export function readSettings(defaults: Defaults): Settings {
  const baseUrl = (__ENV.BASE_URL ?? "http://localhost:8080").replace(/\/$/, "");
  const check = __ENV.CHECK ?? "auto";
  if (check !== "auto" && check !== "require") throw fault("CHECK", "auto or require", check);
  return {
    baseUrl,
    boardUrl: (__ENV.BOARD_URL ?? baseUrl).replace(/\/$/, ""),
    route: __ENV.ROUTE ?? "random",
    requests: whole("REQUESTS", defaults.requests, requestsMax),
    users: whole("USERS", 10, 10_000),
    pause: readPause(__ENV.PAUSE ?? defaults.pause),
    drainS: whole("DRAIN", 60, 3_600),
    requireCheck: check === "require",
    apiKey: __ENV.API_KEY || undefined,
  };
}

function whole(name: string, fallback: number, max: number): number {
  const value = Number(__ENV[name] ?? fallback);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw fault(name, `a whole number from 1 to ${max}`, __ENV[name]);
}

function readPause(raw: string): Pause {
  const match = /^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?$/.exec(raw);
  const least = Number(match?.[1]);
  const most = Number(match?.[2] ?? match?.[1]);
  if (match !== null && least <= most) return { least, most };
  throw fault("PAUSE", "seconds, such as 0 or 1-5", raw);
}

function fault(name: string, expected: string, value: string | undefined): Error {
  return new Error(`Cannot use ${name}: must be ${expected}: current value is ${value}`);
}
