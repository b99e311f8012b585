import { progressBar } from "../../lib/progress-bar.ts";
import { obstaclesBefore } from "../../lib/rebuild/obstacles.ts";
import { type OpenLane, openLane } from "../../lib/rebuild/open-lane.ts";
import { type Rebuild, type Rebuilt, rebuild as rebuildOf } from "../../lib/rebuild/rebuild.ts";
import type { StoreBeside } from "../../lib/store/beside.ts";
import { exitCodes } from "../arguments/exit-codes.ts";
import type { PipelinePlace, PlaceOptions, Places } from "../places/place.ts";
import type { Terminal } from "../terminal.ts";
import { help, type RebuildArguments, readArguments } from "./arguments.ts";
import { foldedLines, jsonOf, outcomeLines, planOf, type Report } from "./report.ts";

/** What the command needs of the world beside its terminal. */
export interface RebuildWorld {
  find(options: Omit<PlaceOptions, "env">): Places;
  /** Asks a person; undefined where there is none. */
  readonly ask: ((question: string) => boolean) | undefined;
}

/** Runs `rebuild` and answers its exit code. */
export async function rebuild(
  args: readonly string[],
  terminal: Terminal,
  world: RebuildWorld,
): Promise<number> {
  const read = readArguments(args, world.ask !== undefined);
  const { pipeline, dataDir } = read;
  if (read.help || pipeline === undefined) {
    terminal.out.write(help);
    return exitCodes.done;
  }
  await using places = world.find({ pipelines: [pipeline], dataDir });
  const [place] = places.pipelines;
  if (place === undefined) throw new Error(`Cannot rebuild ${pipeline.name}: it is not there`);
  const report = await run(place, places.where, read, terminal, world);
  const lines = read.json ? [jsonOf(report)] : outcomeLines(report, terminal.out);
  terminal.out.write(`${lines.join("\n")}\n`);
  return codeOf(report);
}

function codeOf({ outcome }: Report): number {
  if (outcome === "stopped") return exitCodes.stopped;
  const failed = ["refused", "moving", "different", "declined"].includes(outcome);
  return failed ? exitCodes.failed : exitCodes.done;
}

async function run(
  place: PipelinePlace,
  where: string,
  args: RebuildArguments,
  terminal: Terminal,
  world: RebuildWorld,
): Promise<Report> {
  await using resources = new AsyncDisposableStack();
  const live = resources.use(await place.stores());
  // First: what consumers bring meanwhile must not make the store seem ahead of its logs.
  const view = await live.store.read({});
  const lanes = await openLanes(place, resources);
  const obstacles = obstaclesBefore(view, lanes);
  const base = { pipeline: place.pipeline.name, where, ...planOf(lanes, view.cursors), obstacles };
  if (obstacles.length > 0) return { ...base, outcome: "refused" };
  if (args.dryRun) return { ...base, outcome: "planned" };
  const beside = resources.use(await place.beside());
  try {
    const work = rebuildIn(place, beside, lanes, args, terminal);
    const rebuilt = await work.run();
    if (!args.json) terminal.out.write(`${foldedLines(rebuilt).join("\n")}\n`);
    const found = { ...base, rebuilt, obstacles: rebuilt.obstacles };
    if (rebuilt.obstacles.length > 0) return { ...found, outcome: "refused" };
    if (args.check) return { ...found, outcome: verdictOf(rebuilt) };
    if (!(args.yes || world.ask?.("Put it into the live store's place?"))) {
      return { ...found, outcome: "declined" };
    }
    const swapped = await work.swap(args.keep);
    if (swapped !== undefined) return { ...found, outcome: "swapped", kept: swapped.kept };
    return { ...found, outcome: "refused", obstacles: [restless(lanes)] };
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
    return { ...base, outcome: "stopped" };
  }
}

function rebuildIn(
  { pipeline }: PipelinePlace,
  beside: StoreBeside,
  lanes: readonly OpenLane[],
  { json }: RebuildArguments,
  { err, signal }: Terminal,
): Rebuild {
  let bar: ((done: number) => void) | undefined;
  return rebuildOf({
    ...{ pipeline, beside, lanes, signal },
    progress(done, total) {
      if (json) return;
      bar ??= progressBar(total, err);
      bar(Math.min(done, total));
    },
  });
}

async function openLanes(
  { pipeline, lanes }: PipelinePlace,
  resources: AsyncDisposableStack,
): Promise<readonly OpenLane[]> {
  const open: OpenLane[] = [];
  for (const { lane, logs } of lanes) {
    if (logs === undefined) continue;
    const { log, letters } = logs();
    resources.use(log);
    resources.use(letters);
    open.push(await openLane(pipeline.name, { lane, log, letters }));
  }
  return open;
}

function verdictOf({ comparison }: Rebuilt) {
  if (comparison === "moving") return comparison;
  return comparison.differing === 0 ? "same" : "different";
}

function restless(lanes: readonly OpenLane[]): string {
  const logged = lanes.map(({ lane }) => lane).join(", ");
  return `lanes other than ${logged} went on bringing events: stop their consumers for the swap, events wait in the queue meanwhile`;
}
