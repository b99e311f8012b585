import type { OnProgress } from "./servers.ts";

/** Where progress is written: a terminal, or a file or pipe. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Progress of steps that may run at the same time. */
export interface Progress extends Disposable {
  readonly onProgress: OnProgress;
  /** Prints a line of its own. */
  say(line: string): void;
}

const frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const frameMs = 100;
const eraseLine = "\r\x1b[K";

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

/**
 * Shows steps as one line when they begin and one when they end; on a terminal what runs is one line that moves.
 * Disposing clears that line.
 */
export function createProgress(output: ProgressOutput): Progress {
  const running = new Map<string, number>();
  let frame = 0;
  const draw = () => {
    if (running.size === 0) return;
    frame = (frame + 1) % frames.length;
    const steps = [...running].map(([step, sinceMs]) => `${step} ${seconds(Date.now() - sinceMs)}`);
    const line = `${frames[frame]} ${steps.join(", ")}`.slice(0, (output.columns ?? 80) - 1);
    output.write(`${eraseLine}${line}`);
  };
  const timer = output.isTTY ? setInterval(draw, frameMs) : undefined;
  const say = (line: string) => output.write(`${output.isTTY ? eraseLine : ""}${line}\n`);
  return {
    say,
    onProgress(step, state, ms) {
      if (state === "running" || state === "waiting") {
        running.set(step, Date.now() - ms);
        if (!output.isTTY) say(state === "waiting" ? `waiting for ${step}` : `${step} ...`);
      } else {
        running.delete(step);
        say(`${step}: ${state} in ${seconds(ms)}`);
      }
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      if (output.isTTY) output.write(eraseLine);
    },
  };
}
