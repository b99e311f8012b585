/** One environment variable: how its text is read, and what holds when it is not set. */
export interface Variable<T, Required extends boolean = boolean> {
  readonly parse: (raw: string) => T;
  readonly required: Required;
  readonly fallback: T;
  /** Other names that mean the same; the variable's own name wins where several are set. */
  readonly aliases: readonly string[];
}

/** The environment of a service as a table: its names, each with its parser and default. */
export type ConfigSpec = Readonly<Record<string, Variable<unknown>>>;

/** The values that a table yields. */
export type ConfigOf<S extends ConfigSpec> = {
  readonly [K in keyof S]: S[K] extends Variable<infer T> ? T : never;
};

type RequiredNames<S extends ConfigSpec> = {
  [K in keyof S]: S[K] extends Variable<unknown, true>
    ? boolean extends S[K]["required"]
      ? never
      : K
    : never;
}[keyof S];

/** The environment that a table accepts: charts are typed by it, so a misspelt or missing variable does not compile. */
export type EnvOf<S extends ConfigSpec> = {
  readonly [K in RequiredNames<S>]: string;
} & { readonly [K in Exclude<keyof S, RequiredNames<S>>]?: string };

/** Every fault of an environment at once. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`Cannot read the configuration: ${faults.join("; ")}`);
    this.faults = faults;
  }
}

/** What `sysexits.h` calls EX_CONFIG: the exit code for a configuration that cannot be used. */
export const EXIT_CONFIG = 78;

/** A variable that must be set. */
export function required<T>(parse: (raw: string) => T, ...aliases: string[]): Variable<T, true> {
  return { parse, required: true, fallback: undefined as T, aliases };
}

/** A variable with a default. */
export function optional<T>(
  parse: (raw: string) => T,
  fallback: NoInfer<T>,
  ...aliases: string[]
): Variable<T, false> {
  return { parse, required: false, fallback, aliases };
}

/** A variable that may be absent. */
export function absent<T>(
  parse: (raw: string) => T,
  ...aliases: string[]
): Variable<T | undefined, false> {
  return { parse, required: false, fallback: undefined, aliases };
}

/**
 * Reads the whole environment through the table. An empty text counts as not set.
 *
 * @throws ConfigError naming every fault.
 */
export function readConfig<S extends ConfigSpec>(
  spec: S,
  env: Readonly<Record<string, string | undefined>>,
): ConfigOf<S> {
  const faults: string[] = [];
  const entries = Object.entries(spec).map(([name, variable]) => {
    const given = [name, ...variable.aliases].find((each) => (env[each] ?? "") !== "");
    if (given === undefined) {
      if (variable.required) faults.push(`${name} is required`);
      return [name, variable.fallback];
    }
    try {
      return [name, variable.parse(env[given] ?? "")];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      faults.push(`${given} ${why}: current value is "${shown(given, env[given] ?? "")}"`);
      return [name, undefined];
    }
  });
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.fromEntries(entries) as ConfigOf<S>;
}

/** A value without its password, where the name or the form says that it holds one. */
function shown(name: string, value: string): string {
  if (/(PASSWORD|SECRET|TOKEN)$/.test(name)) return "***";
  return value.replace(/^.*@/s, "***@").replace(/(password=)[^&]*/gi, "$1***");
}

/** Any text. */
export const text = (raw: string): string => raw;

/** One of some words, in any case. */
export const oneOf =
  <T extends string>(words: readonly T[]) =>
  (raw: string): T => {
    const word = words.find((each) => each === raw.toLowerCase());
    if (word === undefined) throw new Error(`must be one of ${words.join(", ")}`);
    return word;
  };

/** A TCP port, 1 to 65,535; a leading `:` or `host:` is accepted and dropped. */
export function port(raw: string): number {
  const value = Number(raw.slice(raw.lastIndexOf(":") + 1));
  if (!Number.isInteger(value) || value < 1 || value > 65_535) throw new Error("must be a port");
  return value;
}

/** A whole number within bounds. */
export const integer =
  (min: number, max: number) =>
  (raw: string): number => {
    const value = Number(raw);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new Error(`must be a whole number from ${min} to ${max}`);
    }
    return value;
  };

/** An HTTP address; the scheme may be left out (`host:port`). */
export function httpUrl(raw: string): URL {
  const url = parseUrl(raw.includes("://") ? raw : `http://${raw}`);
  if (url === undefined || !["http:", "https:"].includes(url.protocol) || url.hostname === "") {
    throw new Error("must be an http address such as http://host:8080");
  }
  return url;
}

/** One or more HTTP addresses, separated by commas. */
export function httpUrls(raw: string): readonly URL[] {
  return raw.split(",").map((each) => httpUrl(each.trim()));
}

/** A RabbitMQ address: `amqp://…` or `amqps://…`. */
export function amqpUrl(raw: string): URL {
  const url = parseUrl(raw);
  if (url === undefined || !["amqp:", "amqps:"].includes(url.protocol) || url.hostname === "") {
    throw new Error("must be a RabbitMQ address such as amqp://user:password@host:5672");
  }
  return url;
}

/** A MongoDB address: `mongodb://…`, `mongodb+srv://…` or `host:port`, of several hosts separated by commas too. */
export function mongoUrl(raw: string): string {
  const url = raw.includes("://") ? raw : `mongodb://${raw}`;
  if (/^mongodb(\+srv)?:\/\/([^@/?#\s]+@)?[^@/?#\s]+(\/[^/?#\s]*)?(\?[^#\s]*)?$/.test(url))
    return url;
  throw new Error(
    "must be a MongoDB address such as mongodb://user:password@host:27017/so1p2?authSource=admin",
  );
}

/** One or more `host:port`, separated by commas. */
export function brokers(raw: string): readonly string[] {
  const all = raw.split(",").map((each) => each.trim());
  if (!all.every((each) => /^[^\s:/]+:\d{1,5}$/.test(each))) {
    throw new Error("must be host:port, or several separated by commas");
  }
  return all;
}

/** Origins of web pages (`https://host:port`) separated by commas, or `*` for all. */
export function origins(raw: string): "*" | readonly string[] {
  if (raw.trim() === "*") return "*";
  const all = raw.split(",").map((each) => each.trim());
  if (!all.every((each) => each.startsWith("http") && parseUrl(each)?.origin === each)) {
    throw new Error("must be *, or origins such as https://example.org separated by commas");
  }
  return all;
}

/** A path to stand before others, such as `/board`; a slash at its end is dropped. */
export function basePath(raw: string): string {
  const path = raw.replace(/\/$/, "");
  if (!/^(\/\.?[\w~-][\w.~-]*)*$/.test(path)) throw new Error("must be a path such as /board");
  return path;
}

/** `1`, `true`, `yes` or `on` against `0`, `false`, `no` or `off`, in any case. */
export function flag(raw: string): boolean {
  const value = raw.toLowerCase();
  if (["1", "true", "yes", "on"].includes(value)) return true;
  if (["0", "false", "no", "off"].includes(value)) return false;
  throw new Error("must be 1 or 0");
}

function parseUrl(raw: string): URL | undefined {
  return URL.canParse(raw) ? new URL(raw) : undefined;
}
