import { lookup as systemLookUp } from "node:dns/promises";
import { isIP } from "node:net";

/**
 * Finds all IP addresses of a host name.
 *
 * @throws Error where the name is unknown or nobody answers.
 */
export type LookUp = (hostname: string) => Promise<readonly string[]>;

/** Asks the system, which has time limits of its own. */
export const lookUpHost: LookUp = async (hostname) => {
  const found = await systemLookUp(hostname, { all: true });
  return found.map(({ address }) => address);
};

/** One place of a next station. */
export interface Place {
  readonly url: URL;
  /** The host that the address names, which the place's URL may hold an IP address of. */
  readonly name: string;
}

/**
 * Whether an address stands for as many places as its name has IP addresses. Over TLS it does for those alone who verify a
 * place by its name (`verifiesNames`).
 */
export function isName({ protocol, hostname }: URL, verifiesNames = false): boolean {
  if (hostname === "localhost" || (protocol !== "http:" && !verifiesNames)) return false;
  return isIP(hostname.replace(/^\[(.*)\]$/, "$1")) === 0;
}

/** An address as one place, as it stands. */
export function asItStands(url: URL): Place {
  return { url, name: url.hostname };
}

/** What a watch needs. */
export interface WatchOptions {
  readonly lookUp: LookUp;
  /** Whether names over TLS are looked up as well. @default false */
  readonly verifiesNames?: boolean | undefined;
  /** How often names are looked up, in milliseconds. */
  readonly everyMs: number;
  /** Hears, after each time, of all places that the addresses stand for. */
  onPlaces(places: readonly Place[]): void;
}

/** Names that are looked up again and again, until it is disposed. */
export interface Watch extends Disposable {
  /** Settles after the first time. */
  readonly first: Promise<void>;
  /** Looks up now, where the last time is not just over: what was found does not answer. */
  hurry(): void;
}

/** The least time from one look to a hurried next one, in milliseconds. */
const restMs = 500;

/**
 * Looks up those of `addresses` that are names, every `everyMs`, one time after the other. A name that cannot be looked
 * up stands for what it stood for last; before that, for itself.
 */
export function watchNames(addresses: readonly URL[], options: WatchOptions): Watch {
  const { lookUp, everyMs, onPlaces, verifiesNames } = options;
  const names = addresses.filter((address) => isName(address, verifiesNames));
  const found = new Map<URL, readonly Place[]>();
  let looking = false;
  let stopped = false;
  let lookedAtMs = 0;

  async function lookAt(address: URL): Promise<void> {
    // Failing, it leaves what was found before; what that leads to, publishing tells.
    const ips = await lookUp(address.hostname).catch(() => []);
    if (ips.length > 0) found.set(address, ips.map(at(address)));
  }

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    await Promise.all(names.map(lookAt));
    looking = false;
    lookedAtMs = performance.now();
    if (stopped) return;
    onPlaces(addresses.flatMap((address) => found.get(address) ?? [asItStands(address)]));
  }

  const first = look();
  const timer = setInterval(look, everyMs);
  return {
    first,
    hurry: () => {
      if (!stopped && performance.now() - lookedAtMs >= restMs) void look();
    },
    [Symbol.dispose]: () => {
      stopped = true;
      clearInterval(timer);
    },
  };
}

/** The same address at an IP address in place of its name. */
function at(address: URL): (ip: string) => Place {
  return (ip) => {
    const url = new URL(address);
    url.hostname = isIP(ip) === 6 ? `[${ip}]` : ip;
    return { url, name: address.hostname };
  };
}
