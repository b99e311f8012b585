import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { lockFile } from "./file-lock.ts";
import { classArchive, startKafka } from "./kafka.ts";
import { runStep } from "./run-step.ts";
import { createStack } from "./stack.ts";

/** Where a step of the installation stands. */
export type StepState = "waiting" | "running" | "done" | "failed";

/** What an installation is told. */
export interface ProvisionOptions {
  /** The folder to fill. */
  readonly dir: string;
  /** Told of every step that does something, with the milliseconds since it began. */
  readonly onProgress?: ((step: string, state: StepState, ms: number) => void) | undefined;
  /** Stops the installation and leaves it to be finished by another run. */
  readonly signal?: AbortSignal | undefined;
}

/** Something that is installed in a folder of its own. */
export interface Part {
  readonly name: string;
  /** Programs of this machine that the installation calls, with the package that brings each. */
  readonly needs: Readonly<Record<string, string>>;
  /** What to do where they cannot be had. */
  readonly wayOut: string;
  /** Changes whenever what is installed would. */
  readonly recipe: string;
  /** Fills the folder, which is empty. */
  install(folder: string, options: ProvisionOptions): Promise<void>;
}

const here = import.meta.dir;
const stepTimeoutMs = 600_000;
const lockTimeoutMs = 900_000;
const debianSuite = "trixie";
const kafkaPom = join(here, "kafka-jars", "pom.xml");
const mongoPom = join(here, "mongo-jars", "pom.xml");
const mongoStandIn = join(here, "mongo-jars", "MongoStandIn.java");
const debPrefix = join(here, "deb-prefix.sh");
const wayOut = "let Docker run the servers (npm run up -- --containers)";

/** The log of the last step of the part `name`. */
export const logOf = (options: ProvisionOptions, name: string): string =>
  join(options.dir, `${name}.log`);

function step(name: string, command: readonly string[], options: ProvisionOptions): Promise<void> {
  return runStep({
    command,
    logFile: logOf(options, name),
    timeoutMs: stepTimeoutMs,
    signal: options.signal,
  });
}

/** Copies what a pom names, and what that needs, into `lib` of the folder. */
function copyJars(name: string, pom: string, folder: string, options: ProvisionOptions) {
  const copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
  const into = ["-DincludeScope=runtime", `-DoutputDirectory=${join(folder, "lib")}`];
  return step(name, ["mvn", "-B", "-q", "-f", pom, copy, ...into], options);
}

async function installKafka(folder: string, options: ProvisionOptions): Promise<void> {
  await copyJars("kafka", kafkaPom, folder, options);
  await using stack = createStack({ programs: options.dir, signal: options.signal });
  const { nodes } = await startKafka(stack, { archiveTo: classArchive(options.dir) });
  // Java writes the archive when it ends by itself.
  await Promise.all(nodes.map((node) => node.stop()));
}

/** The compiler comes as a jar: a Java that only runs programs is enough. */
async function installMongo(folder: string, options: ProvisionOptions): Promise<void> {
  await copyJars("mongo", mongoPom, folder, options);
  const lib = join(folder, "lib");
  const jars = readdirSync(lib).map((jar) => join(lib, jar));
  const compiler = jars.find((jar) => jar.includes("/ecj-")) ?? "";
  const to = ["-17", "-cp", jars.join(delimiter), "-d", join(folder, "classes")];
  await step("mongo", ["java", "-jar", compiler, ...to, mongoStandIn], options);
}

/** A server with the libraries of its own Debian suite, so that the host's need not fit. */
function debian(name: string, packages: readonly string[]): Part {
  return {
    name,
    needs: { "apt-get": "apt", "dpkg-deb": "dpkg" },
    wayOut,
    recipe: [debianSuite, ...packages, readFileSync(debPrefix, "utf8")].join("\n"),
    install: (folder, options) =>
      step(name, ["bash", debPrefix, debianSuite, folder, ...packages], options),
  };
}

const needsOfJars = { java: "default-jre-headless (17 or newer)", mvn: "maven" };
const kafka: Part = {
  name: "kafka",
  needs: needsOfJars,
  wayOut,
  recipe: readFileSync(kafkaPom, "utf8"),
  install: installKafka,
};
const mongo: Part = {
  name: "mongo",
  needs: needsOfJars,
  wayOut,
  recipe: [mongoPom, mongoStandIn].map((file) => readFileSync(file, "utf8")).join("\n"),
  install: installMongo,
};
const rabbitmq = debian("rabbitmq", ["rabbitmq-server"]);
const valkey = debian("valkey", ["valkey-server"]);

const markerOf = (options: ProvisionOptions, part: Part) =>
  join(options.dir, part.name, ".complete");

/** An installation knows its own place by heart, so a folder that was moved is made again. */
function recipeHash(options: ProvisionOptions, part: Part): string {
  return createHash("sha256").update(`${options.dir}\n${part.recipe}`).digest("hex");
}

function isInstalled(options: ProvisionOptions, part: Part): boolean {
  const marker = markerOf(options, part);
  return existsSync(marker) && readFileSync(marker, "utf8") === recipeHash(options, part);
}

function checkNeeds(part: Part): void {
  for (const [program, source] of Object.entries(part.needs)) {
    if (Bun.which(program)) continue;
    throw new Error(
      `Cannot install ${part.name}: ${program} is missing: install ${source}, or ${part.wayOut}`,
    );
  }
}

async function install(part: Part, options: ProvisionOptions): Promise<void> {
  if (isInstalled(options, part)) return;
  const startMs = performance.now();
  const report = (state: StepState) =>
    options.onProgress?.(part.name, state, performance.now() - startMs);
  report("running");
  try {
    checkNeeds(part);
    const folder = join(options.dir, part.name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await part.install(folder, options);
    writeFileSync(markerOf(options, part), recipeHash(options, part));
    report("done");
  } catch (error) {
    options.signal?.throwIfAborted();
    report("failed");
    const log = `its log is ${logOf(options, part.name)}`;
    throw new Error(`Cannot install ${part.name} (${log}): ${describe(error)}`, { cause: error });
  }
}

const describe = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function lockInstallation(options: ProvisionOptions): Promise<Disposable> {
  const startMs = performance.now();
  let other: string | undefined;
  const lock = await lockFile(join(options.dir, ".lock"), {
    timeoutMs: lockTimeoutMs,
    onWait(pid) {
      other = `another installation (process ${pid})`;
      options.onProgress?.(other, "waiting", 0);
    },
    signal: options.signal,
  });
  if (other) options.onProgress?.(other, "done", performance.now() - startMs);
  return lock;
}

/**
 * Installs what is missing under `dir`: the queues at the same time, the parts of each in turn. Repeatable; runs at the
 * same time wait for each other. Rejects naming what this machine lacks.
 */
export async function installParts(
  queues: readonly (readonly Part[])[],
  options: ProvisionOptions,
): Promise<void> {
  const missing = () => queues.flat().filter((part) => !isInstalled(options, part));
  if (missing().length === 0) return;
  for (const part of missing()) checkNeeds(part);
  mkdirSync(options.dir, { recursive: true });
  using _lock = await lockInstallation(options);
  const results = await Promise.allSettled(queues.map((queue) => installInTurn(queue, options)));
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

async function installInTurn(queue: readonly Part[], options: ProvisionOptions): Promise<void> {
  for (const part of queue) await install(part, options);
}

/** Installs what is missing of Kafka, RabbitMQ, Valkey and a MongoDB under `dir`, as `installParts` does. */
export async function provision(options: ProvisionOptions): Promise<void> {
  // Two at a time: one of them unpacks while the other downloads.
  await installParts(
    [
      [kafka, mongo],
      [rabbitmq, valkey],
    ],
    options,
  );
}
