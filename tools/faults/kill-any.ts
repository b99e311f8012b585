import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pause } from "../../lib/pause.ts";
import { waitFor } from "../e2e/wait-for.ts";
import type { Progress } from "../up/progress.ts";
import type { Fault, FaultContext } from "./fault.ts";
import { keepFindings } from "./keep-findings.ts";
import { type Round, readRounds, writeRounds } from "./kill-any-state.ts";
import { type Rig, startRig } from "./rig.ts";
import { plain } from "./rigs.ts";
import { type FaultOutcome, runFault } from "./run-fault.ts";
import { faultsOf, holds } from "./table.ts";

/** How rounds are run. */
export interface KillAnyOptions {
  readonly rounds: number;
  /** Events a second that clients offer. */
  readonly rate: number;
  /** What decides who is killed and when. @default that of the rounds that were done before, else that of the day */
  readonly seed: number | undefined;
  /** Whether rounds that were done before are forgotten. */
  readonly restart: boolean;
  /** Where the rounds that were done are kept. */
  readonly dataDir: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** A relay at each place of the chain, a consumer of each lane, both brokers, the store. */
const victims = [
  "clima-app-api",
  "clima-app-proxy",
  "clima-app-writer",
  "clima-app-kafka-consumer",
  "clima-app-rabbit-consumer",
  "kafka1",
  "rabbitmq",
  "valkey1",
] as const;

const latestMs = 3_000;
const backMs = 60_000;
/** After so many rounds the system is made anew, since nothing ever takes its data away. */
const roundsOfSystem = 10;

/**
 * Kills any one process at any time under load, again and again, until a round does not hold; goes on after the rounds that
 * were done before. Whether as many held in a row as were asked for.
 */
export async function killAny(options: KillAnyOptions): Promise<boolean> {
  const { rounds, progress, signal } = options;
  const before = options.restart ? undefined : readRounds(options.dataDir);
  const seed = options.seed ?? before?.seed ?? Math.floor(Date.now() / 86_400_000);
  const goesOn = before?.seed === seed && before.rate === options.rate;
  const done: Round[] = goesOn ? [...before.done] : [];
  progress.say(`seed ${seed}, ${options.rate} events/s offered, ${done.length} rounds done before`);
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-kill-any-"));
  let rig: Rig | undefined;
  try {
    while (done.length < rounds && !signal.aborted) {
      const number = done.length + 1;
      if (rig === undefined || number % roundsOfSystem === 1) {
        await rig?.[Symbol.asyncDispose]();
        const { onProgress } = progress;
        const folder = join(dir, `${number}`);
        rig = await startRig(plain, { dir: folder, target: "both", signal, onProgress });
      }
      const outcome = await oneRound(rig, faultOf(seed, number, options.rate), options);
      progress.say(lineOf(number, rounds, outcome));
      if (!holds(outcome)) {
        for (const why of faultsOf(outcome)) progress.say(`  ✗ ${why}`);
        const kept = keepFindings(rig, options.dataDir, `kill-any-${number}`);
        progress.say(`  what was sent and said is in ${kept}`);
        return false;
      }
      done.push(roundOf(number, outcome));
      writeRounds(options.dataDir, { seed, rate: options.rate, done });
    }
  } finally {
    await rig?.[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  }
  tellSum(done, progress);
  return done.length >= rounds;
}

function oneRound(rig: Rig, fault: Fault, { signal }: KillAnyOptions): Promise<FaultOutcome> {
  return runFault(fault, rig, { target: "both", short: false, signal, say: () => {} });
}

/** Who is killed in a round, and when: the same for the same seed, whatever was done before. */
function faultOf(seed: number, number: number, rate: number): Fault {
  const random = randomFrom(seed * 10_007 + number);
  const victim = victims[Math.floor(random() * victims.length)] ?? victims[0];
  const atMs = Math.floor(random() * latestMs);
  return {
    numbers: [],
    name: `kill-any-${number}`,
    title: `${victim} after ${atMs} ms`,
    rig: plain,
    targets: ["both"],
    perSecond: rate,
    drainMs: 120_000,
    strike: async (context) => {
      await pause(atMs, context.signal);
      const { pid } = context.rig.child(victim);
      context.rig.crash(victim);
      await back(context, victim, pid);
    },
  };
}

/** Waits until the process was started again. */
function back({ rig, signal }: FaultContext, name: string, before: number | undefined) {
  const child = rig.child(name);
  return waitFor({
    what: `${name} again`,
    limitMs: backMs,
    signal,
    everyMs: 50,
    look: async () => (child.pid !== undefined && child.pid !== before ? true : undefined),
  });
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function roundOf(number: number, outcome: FaultOutcome): Round {
  const { title, sent, acked, refused, unknown, effects, tookMs } = outcome;
  return { number, title, sent, acked, refused, unknown, effects, tookMs: Math.round(tookMs) };
}

function lineOf(number: number, rounds: number, outcome: FaultOutcome): string {
  const { title, sent, held, acked, refused, unknown, effects, tookMs } = outcome;
  const result = holds(outcome) ? "each once" : "FAILED";
  return `round ${number}/${rounds}: ${title}: offered ${sent + held}, sent ${sent}, acked ${acked}, refused ${refused}, unknown ${unknown}; effects ${effects}: ${result}, ${Math.round(tookMs / 1_000)} s`;
}

function tellSum(done: readonly Round[], { say }: Progress): void {
  const sum = (of: (round: Round) => number) => done.reduce((all, each) => all + of(each), 0);
  say(
    `${done.length} rounds in a row: acked ${sum(({ acked }) => acked)}, refused ${sum(({ refused }) => refused)}, unknown ${sum(({ unknown }) => unknown)}, effects ${sum(({ effects }) => effects)}`,
  );
}
