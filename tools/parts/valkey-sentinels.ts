import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSentinel, startServer } from "../../charts/constructs/sentinel-scripts.ts";
import {
  watchedServers as count,
  sentinelConf,
  sentinelLogins,
} from "../../charts/constructs/sentinel-settings.ts";
import { type Child, createChild } from "./child.ts";
import { freePorts } from "./ports.ts";
import type { Stack } from "./stack.ts";
import { createServer, serverSettings, type ValkeyServer } from "./valkey.ts";
import {
  copiesOnline,
  inlineCommand,
  type ProbeLogin,
  primaryPort,
  sentinelRests,
} from "./valkey-probe.ts";

/** What servers under sentinels may be asked to be. */
export interface WatchedValkeyOptions {
  /** How long a server must be silent before a sentinel takes it for dead. @default 1500 */
  readonly downAfterMs?: number;
  /** Whether a server starts as what it was when it ended, without a question to the sentinels. @default false */
  readonly heedless?: boolean;
  /** Lines of `valkey.conf` added to or put over ours. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Who may sign in. @default everybody, as nobody */
  readonly access?: WatchedAccess;
}

/** Who may sign in to servers and sentinels. */
export interface WatchedAccess {
  /** The file of the servers' users. */
  readonly servers: string;
  /** The file of the sentinels' users. */
  readonly sentinels: string;
  /** Who a sentinel is. */
  readonly sentinel: ProbeLogin;
  /** Who a copy is. */
  readonly replica: ProbeLogin;
  /** Who asks before a server starts. */
  readonly probe: ProbeLogin;
  /** Who may ask everything, everywhere. */
  readonly keeper: ProbeLogin;
}

/** Three servers of which one is the primary, and the sentinels that decide which. */
export interface WatchedValkey {
  /** `redis+sentinel://…`, without a login and a logical database. */
  readonly url: string;
  /** The servers; the first began as the primary. */
  readonly servers: readonly ValkeyServer[];
  readonly sentinels: readonly Sentinel[];
  /**
   * The server that most sentinels take for the primary.
   *
   * @throws Error while they do not agree.
   */
  primary(): Promise<ValkeyServer>;
  /** Whether all sentinels know the same primary and rest, and two copies have what it has. */
  whole(): Promise<boolean>;
}

/** One sentinel. */
export interface Sentinel {
  readonly port: number;
  readonly child: Child;
}

/** By what name the sentinels know the servers. */
const name = "primary";
const quorum = 2;
const failoverTimeoutMs = 5_000;
const wholeMs = 30_000;
const lookMs = 100;
const local = (port: number | undefined) => `127.0.0.1:${port}`;

/** Starts three sentinels and three servers, one of which must follow for writes, and resolves when all know each other. */
export async function startWatchedValkey(
  stack: Stack,
  options: WatchedValkeyOptions = {},
): Promise<WatchedValkey> {
  const ports = await freePorts(2 * count);
  const plans = ports.slice(0, count).map((_, at): WatchedPlan => ({ ...options, ports, at }));
  const sentinels = plans.map((plan) => createSentinel(stack, plan));
  const servers = plans.map((plan) => createWatched(stack, plan));
  await stack.start(...sentinels.map(({ child }) => child));
  await stack.start(...servers.map(({ server }) => server));
  const watched = watching(servers, sentinels, options.access?.keeper);
  for (const deadline = performance.now() + wholeMs; !(await watched.whole()); ) {
    if (performance.now() > deadline) {
      throw new Error(`Cannot start sentinels: they do not know all within ${wholeMs} ms`);
    }
    await Bun.sleep(lookMs);
  }
  for (const { port } of sentinels) {
    await inlineCommand(port, `SENTINEL DEBUG info-period ${infoMs.usual}`, options.access?.keeper);
  }
  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => local(port)).join(",")}/${name}`,
    ...{ servers, sentinels },
    ...watched,
  };
}

function watching(
  servers: readonly ValkeyServer[],
  sentinels: readonly Sentinel[],
  login: ProbeLogin | undefined,
): Pick<WatchedValkey, "primary" | "whole"> {
  const told = () =>
    Promise.all(sentinels.map(({ port }) => primaryPort(port, name, login).catch(() => undefined)));
  const all = { copies: count - 1, sentinels: count };
  return {
    async primary() {
      const ports = await told();
      const found = servers.find(
        ({ port }) => ports.filter((each) => each === port).length >= quorum,
      );
      if (found !== undefined) return found;
      throw new Error(`Cannot find the primary: sentinels do not agree: current value is ${ports}`);
    },
    async whole() {
      try {
        const [port = 0, ...others] = await told();
        if (!others.every((each) => each === port)) return false;
        const rest = sentinels.map((each) => sentinelRests(each.port, name, all, login));
        const online = await copiesOnline(port, login);
        return online === all.copies && (await Promise.all(rest)).every(Boolean);
      } catch {
        return false;
      }
    },
  };
}

interface WatchedPlan extends WatchedValkeyOptions {
  /** Of the servers, then of the sentinels. */
  readonly ports: readonly number[];
  readonly at: number;
}

function createWatched(stack: Stack, plan: WatchedPlan): ValkeyServer {
  const { ports, at, heedless, settings, access } = plan;
  const child = `valkey${at + 1}`;
  const aclfile = access && file(join(stack.dir, child), "users.acl", access.servers);
  return createServer(stack, ports[at] ?? 0, child, {
    settings: {
      ...serverSettings,
      "min-replicas-to-write": "1",
      "repl-ping-replica-period": "1",
      ...(heedless && at > 0 ? { replicaof: `127.0.0.1 ${ports[0]}` } : {}),
      ...(access && aclfile !== undefined
        ? { aclfile, primaryuser: access.replica.user, primaryauth: access.replica.password }
        : {}),
      ...settings,
    },
    ...(heedless ? {} : { script: startServer, env: questions(plan) }),
  });
}

/** What a server's start asks, and whom. */
function questions({ ports, at, access }: WatchedPlan): Readonly<Record<string, string>> {
  return {
    NAME: name,
    SELF: local(ports[at]),
    SERVERS: ports.slice(0, count).map(local).join(" "),
    SENTINELS: ports.slice(count).map(local).join(" "),
    ASK: access === undefined ? "" : `--user ${access.probe.user}`,
    ...(access && { REDISCLI_AUTH: access.probe.password }),
  };
}

function createSentinel(stack: Stack, plan: WatchedPlan): Sentinel {
  const { ports, at, downAfterMs = 1_500, access } = plan;
  const [port = 0] = ports.slice(count + at);
  const child = `sentinel${at + 1}`;
  const dir = join(stack.dir, child);
  const aclFile = access && file(dir, "users.acl", access.sentinels);
  const settings = { name, port, downAfterMs, failoverTimeoutMs, ...(aclFile && { aclFile }) };
  file(dir, "sentinel.conf", `bind 127.0.0.1\n${sentinelConf(settings)}`);
  const { user, password } = access?.sentinel ?? {};
  const logins = user && password ? sentinelLogins(name, user, password) : "";
  file(dir, "sentinel-logins.conf", logins);
  const bin = join(stack.programs, "valkey", "usr", "bin");
  return {
    port,
    child: createChild({
      name: child,
      dir: stack.dir,
      logDir: stack.logs,
      command: ["sh", "-c", startSentinel],
      env: {
        NAME: name,
        SELF: local(ports[at]),
        FIRST: `127.0.0.1 ${ports[0]}`,
        STATE: join(dir, "state"),
        FILES: dir,
        PATH: `${bin}:${process.env.PATH}`,
      },
      ready: async () =>
        (await inlineCommand(port, periods(downAfterMs), access?.keeper)).startsWith("+OK"),
    }),
  };
}

const pingMaxMs = 1_000;

/** How often sentinels ask a primary for its copies: often, until they know these. */
const infoMs = { first: 1_000, usual: 10_000 } as const;

/** Copies are chosen by what they said within five pings: no word from before the primary's end may be among it. */
function periods(downAfterMs: number): string {
  const pingMs = Math.min(pingMaxMs, Math.floor(downAfterMs / 6));
  return `SENTINEL DEBUG ping-period ${pingMs} info-period ${infoMs.first}`;
}

/** Writes a file and returns its path. */
function file(dir: string, called: string, text: string): string {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, called);
  writeFileSync(path, text);
  return path;
}
