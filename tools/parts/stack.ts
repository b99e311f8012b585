import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Child } from "./child.ts";
import { signalGroup } from "./process-group.ts";

/** Where a stack finds programs and keeps data. */
export interface StackOptions {
  /** The folder that `provision` filled. */
  readonly programs: string;
  /** Where data goes. @default a new temporary folder */
  readonly dir?: string;
  /** Where servers write their logs. @default dir */
  readonly logs?: string;
  /** Keep the data, and so end every server cleanly. @default false */
  readonly keep?: boolean;
  /** Disposes the stack when it aborts, also in the middle of a start. */
  readonly signal?: AbortSignal | undefined;
}

/** Servers that end together, newest first, and leave nothing behind. */
export interface Stack extends AsyncDisposable {
  readonly programs: string;
  readonly dir: string;
  readonly logs: string;
  /** Aborted as soon as the stack is being disposed. */
  readonly signal: AbortSignal;
  /** Starts children at the same time and takes over their end; rejects when the stack is being disposed. */
  start(...children: readonly Child[]): Promise<void>;
  /** Runs `close` at the end, before whatever was started earlier. */
  defer(close: () => Promise<unknown>): void;
}

/** Makes an empty stack; disposing it twice is safe. */
export function createStack({ programs, dir, logs, keep = false, signal }: StackOptions): Stack {
  const data = dir ?? mkdtempSync(join(tmpdir(), "tweet-pipeline-"));
  for (const folder of [data, logs ?? data]) mkdirSync(folder, { recursive: true });
  const children: Child[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  const ending = new AbortController();
  const removeData = () => {
    if (!keep) rmSync(data, { recursive: true, force: true });
  };
  // The last resort of a process that exits without having disposed: it may not wait for anything.
  const sweep = () => {
    for (const { pid } of children) if (pid !== undefined) signalGroup(pid, "SIGKILL");
    removeData();
  };
  process.on("exit", sweep);
  const closeAll = async () => {
    ending.abort(new Error(`Cannot go on: ${data} is being ended`));
    const failures: unknown[] = [];
    for (const close of closers.reverse()) await close().catch((error) => failures.push(error));
    process.off("exit", sweep);
    removeData();
    if (failures.length > 0) throw new AggregateError(failures, `Cannot end all of ${data}`);
  };
  let closed: Promise<void> | undefined;
  const dispose = () => {
    closed ??= closeAll();
    return closed;
  };
  const end = (child: Child) => (keep ? child.stop() : child.kill());
  const onAbort = () => void dispose().catch(() => {});
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    programs,
    dir: data,
    logs: logs ?? data,
    signal: ending.signal,
    async start(...added) {
      ending.signal.throwIfAborted();
      children.push(...added);
      closers.push(() => Promise.all(added.map(end)));
      await Promise.all(added.map((child) => child.start()));
    },
    defer: (close) => void closers.push(close),
    [Symbol.asyncDispose]: dispose,
  };
}
