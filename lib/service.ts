import { ConfigError, type ConfigOf, type ConfigSpec, EXIT_CONFIG, readConfig } from "./config.ts";
import { createLog, type Log } from "./log.ts";

/** How long a service may take to finish what it has, before it is ended all the same. */
const drainMs = 20_000;
const sameSignalMs = 1_000;

/** What a service's `main.ts` hands over. */
export interface ServiceDefinition<S extends ConfigSpec> {
  readonly name: string;
  readonly spec: S;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Starts the service; disposing it drains: no new work, finish what is in flight, disconnect.
   *
   * @throws ConfigError for values that do not fit each other.
   */
  start(config: ConfigOf<S>, log: Log): Promise<AsyncDisposable>;
}

/**
 * Runs a service until SIGTERM or SIGINT, drains it and exits: 0 after a clean drain, 78 for a configuration that
 * cannot be used (every fault named), 1 when it could not start or did not drain in time or was told twice.
 */
export async function runService<S extends ConfigSpec>(
  definition: ServiceDefinition<S>,
): Promise<void> {
  // On a terminal a line may stand at the foot that is redrawn: a log line takes its place.
  const clear = process.stdout.isTTY ? "\r\u001b[K" : "";
  const log = createLog({ service: definition.name, pid: process.pid }, (line) =>
    process.stdout.write(`${clear}${line}\n`),
  );
  // Registered before anything starts: as the first process of a container, Bun ignores signals without a handler.
  const stopped = stopSignal(log);
  const config = configOrExit(definition, log);
  try {
    const service = await definition.start(config, log);
    log.info("started");
    await stopped;
    await service[Symbol.asyncDispose]();
    log.info("stopped");
    process.exit(0);
  } catch (error) {
    if (error instanceof ConfigError) exitForConfig(error.faults, log);
    log.error("failed", { error });
    process.exit(1);
  }
}

function configOrExit<S extends ConfigSpec>(
  { spec, env }: ServiceDefinition<S>,
  log: Log,
): ConfigOf<S> {
  try {
    return readConfig(spec, env);
  } catch (error) {
    exitForConfig(error instanceof ConfigError ? error.faults : [String(error)], log);
  }
}

function exitForConfig(faults: readonly string[], log: Log): never {
  log.error("cannot start: the configuration cannot be used", { faults });
  process.exit(EXIT_CONFIG);
}

/**
 * Resolves at the first SIGTERM or SIGINT; another one ends the process at once. Signals within a second are one: a
 * terminal or a package runner may hand the same one over twice.
 */
function stopSignal(log: Log): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let toldAtMs: number | undefined;
  const stop = (signal: NodeJS.Signals) => {
    const now = performance.now();
    if (toldAtMs !== undefined && now - toldAtMs < sameSignalMs) return;
    if (toldAtMs !== undefined) {
      log.warn("stopped at once: told twice", { signal });
      process.exit(1);
    }
    toldAtMs = now;
    log.info("stopping", { signal });
    setTimeout(() => {
      log.error("did not finish in time", { limitMs: drainMs });
      process.exit(1);
    }, drainMs).unref();
    resolve();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  return promise;
}
