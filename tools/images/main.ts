import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { help, type ImagesArguments, readArguments } from "./arguments.ts";
import { buildImages, serviceNames } from "./build-images.ts";
import { findBuilder } from "./builders.ts";
import { sourceEpochS } from "./source-epoch.ts";

const root = resolve(import.meta.dir, "..", "..");
const services = serviceNames(root);
const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => interrupt.abort(new Error(`stopped by ${signal}`)));
}

try {
  const args = readArguments(Bun.argv.slice(2), services);
  if (args === undefined) process.stdout.write(help(services));
  else await build(args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = interrupt.signal.aborted ? 130 : 1;
}

async function build(args: ImagesArguments): Promise<void> {
  const epochS = sourceEpochS(root, process.env.SOURCE_DATE_EPOCH);
  const builder = await findBuilder(args.builder);
  const logDir = await mkdtemp(join(tmpdir(), "tweet-pipeline-images-"));
  const { signal } = interrupt;
  console.log(`${args.services.length} images with ${builder.name}`);
  const startMs = performance.now();
  try {
    const built = buildImages({ ...args, root, builder, epochS, logDir, signal });
    for await (const { image, tookMs, bytes } of built) {
      const size = bytes === undefined ? "" : `, ${Math.round(bytes / 1e6)} MB`;
      console.log(`${image}: ${seconds(tookMs)}${size}`);
    }
  } finally {
    await rm(logDir, { recursive: true });
  }
  console.log(`done in ${seconds(performance.now() - startMs)}`);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
