import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { succeed } from "../run-program.ts";
import { amqpAnswers, epmdAnswers } from "./amqp-probe.ts";
import { type Child, createChild } from "./child.ts";
import { freePorts } from "./ports.ts";
import type { Stack } from "./stack.ts";

/** What a broker of this machine may be asked to be. */
export interface RabbitMqOptions {
  /** The AMQP port. @default a free one */
  readonly port?: number;
  /** The port of the management page and API. @default none, and the plugin stays off */
  readonly managementPort?: number;
  /** Lines of `rabbitmq.conf` added to or put over ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A running broker. */
export interface RabbitMq {
  /** `amqp://user:password@host:port`. */
  readonly url: string;
  readonly broker: Child;
  /** Erlang's port mapper, which `ctl` finds the broker by. */
  readonly mapper: Child;
  /** Runs `rabbitmqctl` against the broker and returns what it printed. */
  ctl(...args: readonly string[]): Promise<string>;
}

const ctlMs = 60_000;
const mapperTriesMax = 3;
const nodeName = "tweet-pipeline@localhost";

function found(programs: string, pattern: string): string {
  const [path] = new Bun.Glob(pattern).scanSync({
    cwd: programs,
    absolute: true,
    onlyFiles: false,
  });
  if (!path) {
    throw new Error(`Cannot start RabbitMQ: it is not installed: no ${pattern} in ${programs}`);
  }
  return path;
}

function configure(dir: string, port: number, options: RabbitMqOptions): void {
  const management = options.managementPort;
  const settings: Record<string, string> = {
    "listeners.tcp.1": `127.0.0.1:${port}`,
    "log.console.level": "warning",
    "vm_memory_high_watermark.absolute": "1GB",
    "disk_free_limit.absolute": "50MB",
    ...(management && { "management.tcp.ip": "127.0.0.1", "management.tcp.port": `${management}` }),
    ...options.settings,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(join(dir, "rabbitmq.conf"), lines.join(""));
  writeFileSync(join(dir, "plugins"), management ? "[rabbitmq_management].\n" : "[].\n");
  const cookie = join(dir, ".erlang.cookie");
  if (!existsSync(cookie))
    writeFileSync(cookie, crypto.randomUUID().replaceAll("-", ""), { mode: 0o400 });
}

function environment(
  programs: string,
  dir: string,
  ports: Record<"amqp" | "epmd" | "dist", number>,
) {
  return {
    HOME: dir,
    LANG: "C.UTF-8",
    PATH: `${programs}/usr/lib/erlang/bin:${process.env.PATH}`,
    ERL_EPMD_ADDRESS: "127.0.0.1",
    ERL_EPMD_PORT: `${ports.epmd}`,
    RABBITMQ_CONF_ENV_FILE: "/dev/null",
    RABBITMQ_CONFIG_FILE: join(dir, "rabbitmq.conf"),
    RABBITMQ_DIST_PORT: `${ports.dist}`,
    RABBITMQ_ENABLED_PLUGINS_FILE: join(dir, "plugins"),
    RABBITMQ_GENERATED_CONFIG_DIR: join(dir, "generated"),
    RABBITMQ_LOG_BASE: join(dir, "log"),
    RABBITMQ_LOGS: "-",
    RABBITMQ_MNESIA_BASE: join(dir, "data"),
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_NODE_PORT: `${ports.amqp}`,
    RABBITMQ_NODENAME: nodeName,
    RABBITMQ_PID_FILE: join(dir, "pid"),
    // Idle schedulers must not spin on a shared machine; clustering must not listen beyond loopback; how much waits in a
    // queue must not be told five seconds late, as it is by default.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1} -rabbit quorum_tick_interval 1000",
    // Makes the start script replace itself by the virtual machine, so that our signals reach it.
    RUNNING_UNDER_SYSTEMD: "true",
  };
}

/**
 * Starts a port mapper of the broker's own: Erlang would start one as a daemon, which nothing would end. A mapper ends without a
 * word where somebody took its port since it was found free, so another port is tried.
 */
async function startMapper(
  stack: Stack,
  erlang: string,
): Promise<{ readonly mapper: Child; readonly port: number }> {
  for (let tries = 1; ; tries++) {
    const [port = 0] = await freePorts(1);
    const mapper = createChild({
      name: "epmd",
      dir: stack.dir,
      logDir: stack.logs,
      command: [join(erlang, "epmd"), "-address", "127.0.0.1", "-port", `${port}`],
      ready: () => epmdAnswers(port),
      stopTimeoutMs: 500,
    });
    try {
      await stack.start(mapper);
      return { mapper, port };
    } catch (error) {
      if (tries === mapperTriesMax || stack.signal.aborted) throw error;
    }
  }
}

/** Starts a private broker with its own port mapper; its data outlives its end. */
export async function startRabbitMq(
  stack: Stack,
  options: RabbitMqOptions = {},
): Promise<RabbitMq> {
  const programs = join(stack.programs, "rabbitmq");
  const sbin = found(programs, "usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin");
  const erlang = found(programs, "usr/lib/erlang/erts-*/bin");
  const [free = 0, dist = 0] = await freePorts(2);
  const port = options.port ?? free;
  const dir = join(stack.dir, "rabbitmq");
  mkdirSync(dir, { recursive: true });
  configure(dir, port, options);
  const { mapper, port: epmd } = await startMapper(stack, erlang);
  const env = environment(programs, dir, { amqp: port, epmd, dist });
  const broker = createChild({
    name: "rabbitmq",
    dir: stack.dir,
    logDir: stack.logs,
    command: [join(sbin, "rabbitmq-server")],
    env,
    ready: () => amqpAnswers(port),
    stopTimeoutMs: 20_000,
  });
  await stack.start(broker);
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    broker,
    mapper,
    ctl: (...args) =>
      succeed({
        command: [join(sbin, "rabbitmqctl"), "-n", nodeName, ...args],
        env,
        timeoutMs: ctlMs,
      }),
  };
}
