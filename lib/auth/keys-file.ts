import { keyPattern } from "./api-key.ts";

/** A key of a client, as a line of the file has it. */
export interface KeyLine {
  /** The line's number, from 1 on. */
  readonly line: number;
  readonly client: string;
  /** The SHA-256 of the key: 64 hexadecimal digits, lower case. */
  readonly digest: string;
  /** The client's events a second, 0 without a limit; undefined where the line says nothing. */
  readonly ratePerSecond: number | undefined;
  /** When the key ends, in milliseconds since the Unix epoch. */
  readonly untilMs: number | undefined;
}

/** A whole file; its keys mean nothing where there is a fault. */
export interface KeysFile {
  readonly keys: readonly KeyLine[];
  /** Every fault, named by its line; none repeats what may be a key. */
  readonly faults: readonly string[];
}

/** How large a file may be, in bytes: as large as a Secret of Kubernetes. */
export const keysBytesMax = 1_048_576;

const keysMax = 10_000;
const faultsMax = 100;
const ratePerSecondMax = 1_000_000;
const shownChars = 40;

const clientName = /^[A-Za-z0-9][\w.-]{0,63}$/;
const sha256 = /^[0-9a-f]{64}$/i;
const instant =
  /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/**
 * Reads a keys file. A line is `<client> <SHA-256 of the key> [rate=<events/s>] [until=<RFC 3339>]`, blank, or a comment
 * behind `#`. A client may have several keys, so that one can follow another; its rate stands on any of its lines, and on
 * none another one.
 */
export function parseKeysFile(text: string): KeysFile {
  const faults: string[] = [];
  const keys: KeyLine[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const words = raw
      .replace(/(^|\s)#.*$/, "")
      .trim()
      .split(/\s+/);
    if (words[0] === "") continue;
    const line = index + 1;
    const told = (fault: string) => faults.push(`line ${line} ${fault}`);
    if (words.some((word) => keyPattern.test(word))) {
      told("holds a key itself, which is known now: make another one and keep its SHA-256");
      continue;
    }
    keys.push({ line, ...readLine(words, told) });
  }
  if (keys.length > keysMax) {
    faults.push(`must hold at most ${keysMax} keys: current value is ${keys.length}`);
  }
  return { keys, faults: bounded([...faults, ...contradictions(keys)]) };
}

/** When a time as RFC 3339 writes it is, in milliseconds since the Unix epoch; undefined where it is none. */
export function instantMs(text: string): number | undefined {
  const [, date] = instant.exec(text) ?? [];
  // `Date` takes a 30th of February for a day in March.
  const isDay = date !== undefined && new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date);
  return isDay ? Date.parse(text.toUpperCase()) : undefined;
}

/** A rate in events a second, 0 without a limit; undefined where the text is none. */
export function rateIn(text: string): number | undefined {
  return /^\d{1,7}$/.test(text) && Number(text) <= ratePerSecondMax ? Number(text) : undefined;
}

/** What a rate is, in words. */
export const rateRule = `must be a whole number from 0 to ${ratePerSecondMax}`;

/** Whether a name is one that a client may have. */
export function isClientName(text: string): boolean {
  return clientName.test(text);
}

/** What a client's name is made of, in words. */
export const clientNameRule =
  "must be 1 to 64 letters, digits, dots, dashes or underscores, with a letter or digit first";

function readLine(
  [client = "", digest = "", ...options]: readonly string[],
  fault: (why: string) => void,
): Omit<KeyLine, "line"> {
  if (!isClientName(client)) fault(`has no client's name first, which ${clientNameRule}`);
  if (!sha256.test(digest)) {
    fault("has no SHA-256 behind the client, which must be 64 hexadecimal digits");
  }
  const given = optionsIn(options, fault);
  const [rate, until] = [given.get("rate"), given.get("until")];
  const ratePerSecond = rate === undefined ? undefined : rateIn(rate);
  if (rate !== undefined && ratePerSecond === undefined) {
    fault(`has a rate that ${rateRule}: current value is "${shown(rate)}"`);
  }
  const untilMs = until === undefined ? undefined : instantMs(until);
  if (until !== undefined && untilMs === undefined) {
    fault(
      `has an end that must be a time such as 2027-01-31T12:00:00Z: current value is "${shown(until)}"`,
    );
  }
  return { client, digest: digest.toLowerCase(), ratePerSecond, untilMs };
}

/** What stands behind the digest, by name. */
function optionsIn(
  words: readonly string[],
  fault: (why: string) => void,
): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const word of words) {
    const [name = "", value] = word.split(/=(.*)/s);
    if ((name !== "rate" && name !== "until") || value === undefined) {
      fault("has something behind the SHA-256 that is neither rate=… nor until=…");
    } else if (given.has(name)) fault(`has ${name}= more than once`);
    else given.set(name, value);
  }
  return given;
}

/** What lines say against each other. */
function contradictions(keys: readonly KeyLine[]): readonly string[] {
  const faults: string[] = [];
  const digests = new Map<string, number>();
  const rates = new Map<string, KeyLine>();
  for (const key of keys) {
    const { line, client, digest, ratePerSecond } = key;
    const same = digests.get(digest);
    if (same === undefined) digests.set(digest, line);
    else if (sha256.test(digest)) faults.push(`line ${line} has the key of line ${same} again`);
    const other = rates.get(client);
    if (ratePerSecond === undefined || other?.ratePerSecond === ratePerSecond) continue;
    if (other === undefined) rates.set(client, key);
    else {
      faults.push(
        `line ${line} has another rate for ${shown(client)} than line ${other.line}: current values are ${ratePerSecond} and ${other.ratePerSecond}`,
      );
    }
  }
  return faults;
}

function shown(text: string): string {
  return text.length > shownChars ? `${text.slice(0, shownChars)}…` : text;
}

function bounded(faults: readonly string[]): readonly string[] {
  if (faults.length <= faultsMax) return faults;
  return [...faults.slice(0, faultsMax), `and ${faults.length - faultsMax} more faults`];
}
