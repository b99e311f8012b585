/** One of the places of an address. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Who signs in; an empty password means that nobody does. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Where a Valkey is: one server, or the sentinels that know which of several servers is the primary at the moment. */
export interface ValkeyAddress extends Login {
  /** The server, or every sentinel. */
  readonly hosts: readonly HostPort[];
  /** By what name the sentinels know the primary; undefined where `hosts` is the server itself. */
  readonly primary: string | undefined;
  /** Whether connections are encrypted, those to sentinels too. */
  readonly tls: boolean;
  /** The logical database. */
  readonly database: number;
  /** Who signs in to the sentinels; undefined: the same as to the servers. */
  readonly sentinelLogin: Login | undefined;
}

const serverForm = "host:6379 or redis://host:6379/0";
const sentinelForm = "redis+sentinel://host:26379,host:26379,host:26379/name/0";
const ports = { server: 6_379, sentinel: 26_379 } as const;
const hostsMax = 16;

/** Scheme, login, hosts, path and query; a password may have an `@` in it. */
const form =
  /^redis(?<tls>s?)(?<sentinel>\+sentinel)?:\/\/((?<login>[^/?#]*)@)?(?<hosts>[^@/?#]+)(?<path>\/[^?#]*)?(\?(?<query>[^#]*))?$/;

/**
 * Reads an address: `redis://[[user]:password@]host[:port][/database]`, the same without the scheme, or
 * `redis+sentinel://[[user]:password@]host[:port],…/name[/database][?sentinelUsername=…&sentinelPassword=…]`; with
 * `rediss` over TLS. The login is the sentinels' too, unless the query has another; an empty one there is none.
 *
 * @throws Error saying what it must be, and nothing of what it is.
 */
export function valkeyAddress(raw: string): ValkeyAddress {
  const found = form.exec(raw.includes("://") ? raw : `redis://${raw}`)?.groups;
  if (found === undefined) throw fault();
  const { tls, sentinel, login = "", hosts = "", path = "", query } = found;
  const shared = { tls: tls === "s", ...loginOf(login) };
  if (sentinel === undefined) {
    const [host, ...others] = hostsOf(hosts, ports.server);
    if (host === undefined || others.length > 0) throw fault();
    const database = databaseOf(path.slice(1));
    return { ...shared, hosts: [host], primary: undefined, database, sentinelLogin: undefined };
  }
  const [, primary = "", database = "", ...rest] = path.split("/");
  if (!/^[\w.-]+$/.test(primary) || rest.length > 0) {
    throw new Error(`must name what the sentinels watch, such as ${sentinelForm}`);
  }
  return {
    ...shared,
    hosts: hostsOf(hosts, ports.sentinel),
    primary,
    database: databaseOf(database),
    sentinelLogin: sentinelLoginOf(query),
  };
}

/** The address without user and password. */
export function shownAddress({ hosts, primary, tls, database }: ValkeyAddress): string {
  const scheme = `redis${tls ? "s" : ""}${primary === undefined ? "" : "+sentinel"}`;
  const places = hosts.map(
    ({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`,
  );
  return `${scheme}://${places.join(",")}/${primary === undefined ? "" : `${primary}/`}${database}`;
}

function fault(): Error {
  return new Error(`must be a Valkey address such as ${serverForm}, or ${sentinelForm}`);
}

function hostsOf(raw: string, port: number): readonly HostPort[] {
  const all = raw.split(",").map((each) => each.trim());
  if (all.length > hostsMax) throw new Error(`must have ${hostsMax} hosts at most`);
  return all.map((each) => {
    const host = /^(?<name>\[[\da-f:.]+\]|[^\s:[\]]+)(:(?<port>\d{1,5}))?$/i.exec(each)?.groups;
    const number = Number(host?.port ?? port);
    if (host?.name === undefined || number < 1 || number > 65_535) throw fault();
    return { host: host.name.replace(/^\[(.*)\]$/, "$1"), port: number };
  });
}

function loginOf(raw: string): Login {
  const at = raw.indexOf(":");
  return at < 0
    ? { username: decoded(raw), password: "" }
    : { username: decoded(raw.slice(0, at)), password: decoded(raw.slice(at + 1)) };
}

function databaseOf(raw: string): number {
  const database = Number(raw || "0");
  if (Number.isSafeInteger(database) && database >= 0) return database;
  throw new Error("must have a whole number as logical database at its end");
}

function sentinelLoginOf(query: string | undefined): Login | undefined {
  if (query === undefined) return undefined;
  const given = new URLSearchParams(query);
  const known = ["sentinelUsername", "sentinelPassword"];
  if ([...given.keys()].some((name) => !known.includes(name))) {
    throw new Error(`must have none but ${known.join(" and ")} behind its ?`);
  }
  const [username, password] = known.map((name) => given.get(name) ?? "");
  return { username: username ?? "", password: password ?? "" };
}

/** A `%` that begins no escape stands for itself. */
function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}
