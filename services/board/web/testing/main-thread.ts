import type { Page } from "playwright-core";

/** A task of a page's main thread. */
export interface MainTask {
  /** Its processor time, in milliseconds: time on the clock grows with whatever else a machine does. */
  readonly cpuMs: number;
  /** How long it held up the page, in milliseconds. */
  readonly wallMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** The thread's own processor time, in microseconds. */
  readonly tdur?: number;
  /** From beginning to end, in microseconds. */
  readonly dur?: number;
  readonly args: { readonly name?: string };
}

/** The tasks of a page's main thread while `run` ran. */
export async function mainTasks(
  page: Page,
  run: () => Promise<void>,
): Promise<readonly MainTask[]> {
  const browser = page.context().browser();
  if (browser === null) throw new Error("Cannot trace a page: it has no browser of its own");
  await browser.startTracing(page, {
    categories: ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"],
  });
  await run();
  const trace = await browser.stopTracing();
  const { traceEvents } = JSON.parse(trace.toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map(threadOf),
  );
  const tasks = traceEvents
    .filter((event) => event.name === "RunTask" && main.has(threadOf(event)))
    .flatMap(({ tdur, dur }) =>
      tdur === undefined || dur === undefined ? [] : [{ cpuMs: tdur / 1_000, wallMs: dur / 1_000 }],
    );
  if (tasks.length === 0) throw new Error("Cannot trace a page: no task was seen");
  return tasks;
}

/** The processor time of the longest task that held up a page while `run` ran, in milliseconds. */
export async function longestTaskMs(page: Page, run: () => Promise<void>): Promise<number> {
  const tasks = await mainTasks(page, run);
  return tasks.reduce((longest, { cpuMs }) => Math.max(longest, cpuMs), 0);
}
