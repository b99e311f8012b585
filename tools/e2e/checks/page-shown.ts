import { pathsOf } from "../../../loadtest/mixes/mix.ts";
import type { Snapshot } from "../../../services/board/snapshot.ts";
import { listen } from "../../../services/board/testing/events.ts";
import { isWayIn, workloadsThat } from "../chart-under-test.ts";
import type { Check, CheckContext } from "../check.ts";
import type { Workload } from "../objects.ts";
import { sendThrough } from "../send-through.ts";
import { waitFor } from "../wait-for.ts";

const answerMs = 10_000;
const shownMs = 30_000;

/** The live page under its path of the Ingress: its files, every part that it draws, and the stream that says what changed. */
export const pageShown: Check = {
  name: "the page is shown, and is told of an event",
  lacks: ({ objects }) => (objects.some(isWayIn) ? undefined : "a way in for a browser"),
  run: async (context) => {
    const { chart, ingress } = context;
    const page = new URL(`${pathOf(workloadsThat(chart, "board"))}/`, ingress);
    const html = await read(page);
    const files = [...html.matchAll(/(?:src|href)="(\.\/assets\/[^"]+)"/g)].map(
      ([, path = ""]) => new URL(path, page),
    );
    const sizes = await Promise.all(files.map(async (file) => (await read(file)).length));
    if (sizes.length < 2) throw new Error(`Cannot see the page: ${page} answered ${html}`);
    const told = await toldOf(context, new URL(`api/${chart.mix.pipeline}/stream`, page));
    return `${sizes.length} files, ${html.length + sum(sizes)} characters; told of an event after ${Math.round(told)} ms`;
  },
};

/** How long it took from an acknowledged event to the snapshot that has it, in milliseconds. */
async function toldOf(context: CheckContext, url: URL): Promise<number> {
  const { chart, ingress, signal } = context;
  const [path = "/"] = pathsOf(chart.mix, chart.route);
  using listener = await listen(url.href);
  const whole = await waitFor({
    what: "a snapshot with every part",
    limitMs: shownMs,
    everyMs: 50,
    signal,
    look: async () => {
      const snapshot = await listener.snapshot();
      return lacking(snapshot).length === 0 ? snapshot : undefined;
    },
  });
  const body = JSON.stringify(chart.mix.event(1).body);
  const { acknowledged, failure } = await sendThrough(
    new URL(path, ingress),
    body,
    Bun.randomUUIDv7(),
    signal,
  );
  if (acknowledged === undefined) {
    throw new Error(`No event goes through ${path}: ${failure?.kind} ${failure?.detail}`);
  }
  const beganMs = performance.now();
  const before = whole.ledger?.stored ?? 0;
  await waitFor({
    what: "the event on the stream",
    limitMs: shownMs,
    everyMs: 50,
    signal,
    look: async () => ((await listener.snapshot()).ledger?.stored ?? 0) > before || undefined,
  });
  return performance.now() - beganMs;
}

/** What a snapshot says is away; what the pipeline does not have is no part of it. */
function lacking(snapshot: Snapshot): readonly string[] {
  return Object.entries(snapshot).flatMap(([part, value]) => (value === null ? [part] : []));
}

/** The path that the board answers under. */
function pathOf([board]: readonly Workload[]): string {
  const env = board?.spec.template.spec.containers[0]?.env ?? [];
  return env.find(({ name }) => name === "BASE_PATH")?.value ?? "";
}

async function read(url: URL): Promise<string> {
  const response = await fetch(url, {
    headers: { accept: "text/html,*/*" },
    signal: AbortSignal.timeout(answerMs),
  });
  if (response.status === 200) return response.text();
  throw new Error(`Cannot read ${url}: it must answer 200: current value is ${response.status}`);
}

function sum(all: readonly number[]): number {
  return all.reduce((total, each) => total + each, 0);
}
