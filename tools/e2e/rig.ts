import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { succeed } from "./run-program.ts";

/** A cluster of this machine. */
export interface Rig {
  /** Added to the environment, so that `kubectl` is found and knows the cluster. */
  readonly env: { readonly KUBECONFIG: string; readonly PATH: string };
}

/** What the cluster is started with. */
export interface RigOptions {
  /** The project's folder. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Tells what is done. */
  say(text: string): void;
}

const upMs = 300_000;
/** The first time the stand-ins of public images are built, of which Kafka's and k6's take minutes. */
const standInsMs = 1_800_000;
const imagesMs = 900_000;

/** Where the scripts of a cluster are, beside the project; undefined where they are not. */
export function rigFolder(root: string): string | undefined {
  const folder = join(root, "..", "shared", "cluster");
  return existsSync(join(folder, "up")) ? folder : undefined;
}

/**
 * Starts the cluster beside the project, which may run already, and gives it every image: the stand-ins of public ones
 * and ours of this checkout. It is left running.
 *
 * @throws Error where there is no such folder, or a step fails.
 */
export async function startRig({ root, env, signal, say }: RigOptions): Promise<Rig> {
  const folder = rigFolder(root);
  if (folder === undefined) {
    throw new Error(
      `Cannot start a cluster: there are no scripts of one beside the project: current value is ${join(root, "..")}`,
    );
  }
  const step = async (name: string, command: readonly string[], timeoutMs: number) => {
    const startMs = performance.now();
    say(`${name} ...`);
    const output = await succeed({ command, timeoutMs, signal });
    say(`${name}: ${((performance.now() - startMs) / 1_000).toFixed(1)} s`);
    return output;
  };
  await step("cluster", [join(folder, "up")], upMs);
  await step("stand-ins of public images", [join(folder, "images", "build")], standInsMs);
  await mendKafka(folder, env, (command) => step("Kafka's files made writable", command, upMs));
  const images = join(root, "tools", "images", "main.ts");
  await step("our images", [process.execPath, images, "--with", "rig"], imagesMs);
  const state = env.RIG_STATE ?? "/var/lib/rig";
  return {
    env: {
      KUBECONFIG: join(state, "pki", "admin.kubeconfig"),
      PATH: `${join(cacheOf(env), "bin")}:${env.PATH ?? ""}`,
    },
  };
}

/**
 * Kafka's start copies its default files with their modes and then writes to the copies. The image has the modes of the
 * folder that it was made of: where that is read-only, Kafka ends with "error while preparing configs".
 */
async function mendKafka(
  folder: string,
  env: RigOptions["env"],
  build: (command: readonly string[]) => Promise<string>,
): Promise<void> {
  const source = join(folder, "images", "kafka", "docker", "log4j2.yaml");
  const ownerWrites = 0o200;
  if (!existsSync(source) || (statSync(source).mode & ownerWrites) !== 0) return;
  const archive = join(cacheOf(env), "built", "apache_kafka_4.3.1.tar");
  const stamp = Bun.file(`${archive}.mended`);
  const madeAt = () => `${statSync(archive).mtimeMs}`;
  if ((await stamp.exists()) && (await stamp.text()) === madeAt()) return;
  const dockerfile = join(import.meta.dir, "kafka-writable", "Dockerfile");
  await build([
    join(folder, "build-image"),
    "apache/kafka:4.3.1",
    `--file=${dockerfile}`,
    join(import.meta.dir, "kafka-writable"),
  ]);
  await stamp.write(madeAt());
}

function cacheOf(env: RigOptions["env"]): string {
  return join(env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "rig");
}
