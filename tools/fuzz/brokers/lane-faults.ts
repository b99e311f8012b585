import { join } from "node:path";
import { pause } from "../../../lib/pause.ts";
import type { AnyPipeline } from "../../../lib/pipeline/pipeline.ts";
import type { Lane } from "../../../lib/pipeline/station.ts";
import { type BoardClient, boardClient, type LedgerView } from "../../../loadtest/board.ts";
import { runProgram } from "../../run-program.ts";
import type { Fed } from "./feed-lane.ts";

/** What a lane's ledger says, as far as it is looked at. */
interface LaneCounts {
  readonly applied: number;
  readonly duplicates: number;
  readonly deadLettered: number;
}

/** What was found on a lane when everything had come to rest. */
interface LaneReport {
  readonly note: string;
  readonly faults: readonly string[];
}

/** Where a lane is looked at. */
export interface LookOptions {
  /** Whence its board is reached. */
  readonly url: string;
  readonly pipeline: AnyPipeline;
  readonly lane: Lane;
  /** The variables of its board. */
  readonly env: Readonly<Record<string, string>>;
}

const settleMs = 180_000;
const everyMs = 500;
const dlqMs = 120_000;
const dlqMain = join(import.meta.dir, "..", "..", "..", "cli", "dlq", "main.ts");

/** Holds a lane's ledger, store and letters against what was put on it. */
export function laneFaults({ url, pipeline, lane, env }: LookOptions) {
  const board = boardClient(new URL(url), pipeline.name);
  return {
    before: async () => countsOf(await board.ledger(), lane),
    after: async (
      before: LaneCounts,
      fed: Fed,
      taken: readonly string[],
      signal: AbortSignal,
    ): Promise<LaneReport> => {
      const total = fed.good + fed.repeats + taken.length;
      const since = (ledger: LedgerView) => {
        const now = countsOf(ledger, lane);
        const settled = now.applied + now.duplicates - before.applied - before.duplicates;
        return { settled, asides: now.deadLettered - before.deadLettered };
      };
      // What a consumer of RabbitMQ has in hand is in no queue's length: the counts say when all is done.
      const isDone = (ledger: LedgerView) => {
        const { settled, asides } = since(ledger);
        return isSettled(ledger) && settled + asides >= total + fed.asides;
      };
      const ledger = await untilDone(board, isDone, signal);
      if (ledger === undefined) return { note: "", faults: ["the board does not answer"] };
      const { settled, asides } = since(ledger);
      const counted = countsOf(ledger, lane).deadLettered;
      const lost = await board.missing([...taken, ...fed.goodIds]);
      const letters = await lettersOf(lane, pipeline.name, env, signal);
      return {
        note: `${fed.good} good, ${fed.asides} set aside, ${fed.repeats} repeats; ${letters} letters listed`,
        faults: [
          ...(isSettled(ledger) ? [] : [`not settled: ${JSON.stringify(ledger)}`]),
          ...(asides === fed.asides ? [] : [`${asides} set aside, ${fed.asides} were bad`]),
          ...(letters === counted ? [] : [`${letters} letters, ${counted} counted`]),
          ...(settled === total ? [] : [`${settled} deliveries counted of ${total} good ones`]),
          ...(lost.length === 0 ? [] : [`${lost.length} good events have no effect: ${lost[0]}`]),
        ],
      };
    },
  };
}

/** The ledger once everything is done, or when the time is over; undefined where the board does not answer then. */
async function untilDone(
  board: BoardClient,
  isDone: (ledger: LedgerView) => boolean,
  signal: AbortSignal,
): Promise<LedgerView | undefined> {
  const end = performance.now() + settleMs;
  for (;;) {
    const ledger = await board.ledger().catch(() => undefined);
    const isOver = performance.now() > end || signal.aborted;
    if (isOver || (ledger !== undefined && isDone(ledger))) return ledger;
    await pause(everyMs, signal);
  }
}

function isSettled(ledger: LedgerView): boolean {
  return ledger.inFlight === 0 && ledger.closes;
}

function countsOf({ lanes }: LedgerView, lane: Lane): LaneCounts {
  const of = (name: string) => Number(lanes[lane]?.[name] ?? 0);
  return {
    applied: of("applied"),
    duplicates: of("duplicates"),
    deadLettered: of("deadLettered"),
  };
}

/** How many letters an operator sees on the lane. */
async function lettersOf(
  lane: Lane,
  pipeline: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<number> {
  const { code, stdout, stderr } = await runProgram({
    command: [process.execPath, dlqMain, "ls", "--pipeline", pipeline, "--lane", lane, "--json"],
    env,
    timeoutMs: dlqMs,
    signal,
  });
  if (code !== 0)
    throw new Error(`Cannot list letters: dlq ended with ${code}: ${stderr.slice(-500)}`);
  return stdout.split("\n").filter((line) => line.startsWith("{")).length;
}
