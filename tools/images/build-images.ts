import { join } from "node:path";
import { imageOf, version } from "../../charts/constructs/image.ts";
import { runStep } from "../parts/run-step.ts";
import type { Builder } from "./builders.ts";

/** What is built, with what, and where its output is kept. */
export interface ImagesPlan {
  readonly root: string;
  readonly builder: Builder;
  readonly services: readonly string[];
  /** Stands before every name; empty for none. */
  readonly registry: string;
  readonly epochS: number;
  /** The folder of the builder's output, one file for each service. */
  readonly logDir: string;
  /** Whether each image is given to the registry in its name. */
  readonly push: boolean;
  readonly signal: AbortSignal;
}

/** An image that was made. */
export interface BuiltImage {
  readonly image: string;
  readonly tookMs: number;
  /** Its size, layers unpacked, where the builder tells it. */
  readonly bytes: number | undefined;
}

const buildTimeoutMs = 900_000;
const sizeTimeoutMs = 30_000;

/** The services that have a program: the folders of `services/` with a `main.ts`. */
export function serviceNames(root: string): readonly string[] {
  const found = [...new Bun.Glob("*/main.ts").scanSync(join(root, "services"))];
  return found.map((file) => file.replace("/main.ts", "")).sort();
}

/**
 * Makes the images one after another, since each build takes every core.
 *
 * @throws Error with the end of the builder's output when one fails or takes over 15 minutes.
 */
export async function* buildImages(plan: ImagesPlan): AsyncGenerator<BuiltImage> {
  for (const service of plan.services) {
    const startMs = performance.now();
    const image = imageOf(service, plan.registry);
    const { root, epochS, builder, signal } = plan;
    await runStep({
      command: builder.command({ root, image, service, version, epochS }),
      logFile: join(plan.logDir, `image-${service}.log`),
      timeoutMs: buildTimeoutMs,
      signal,
    });
    if (plan.push) await push(plan, service, image);
    const tookMs = performance.now() - startMs;
    yield { image, tookMs, bytes: await sizeOf(plan, service, image) };
  }
}

async function push({ builder, logDir, signal }: ImagesPlan, service: string, image: string) {
  const command = builder.pushCommand?.(image);
  if (command === undefined) {
    throw new Error(`Cannot push ${image}: ${builder.name} does what it likes with images`);
  }
  const logFile = join(logDir, `push-${service}.log`);
  await runStep({ command, logFile, timeoutMs: buildTimeoutMs, signal });
}

async function sizeOf(
  { builder, logDir, signal }: ImagesPlan,
  service: string,
  image: string,
): Promise<number | undefined> {
  if (builder.sizeCommand === undefined) return undefined;
  const sizeFile = join(logDir, `size-${service}.log`);
  const command = builder.sizeCommand(image);
  try {
    await runStep({ command, logFile: sizeFile, timeoutMs: sizeTimeoutMs, signal });
    return Number(await Bun.file(sizeFile).text()) || undefined;
  } catch {
    // A builder of another version that cannot say it has made the image all the same.
    return undefined;
  }
}
