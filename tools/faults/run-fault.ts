import { join } from "node:path";
import { pause } from "../../lib/pause.ts";
import type { Policy } from "../../lib/pipeline/station.ts";
import { percentile } from "../../loadtest/latency.ts";
import { type Checked, checkInvariants } from "./check-invariants.ts";
import { collectEvidence, startCollecting } from "./collect-evidence.ts";
import type { Fault, FaultContext } from "./fault.ts";
import {
  clientLedger,
  type Effect,
  entriesThat,
  firstReasons,
} from "./instrument/client-ledger.ts";
import { requestOf } from "./instrument/counters.ts";
import { type OpenClient, openClient } from "./instrument/open-client.ts";
import { resendUnknown } from "./instrument/resend.ts";
import type { Rig } from "./rig.ts";

/** How a fault ended under one policy. */
export interface FaultOutcome {
  readonly numbers: readonly number[];
  readonly name: string;
  readonly title: string;
  readonly target: Policy;
  readonly sent: number;
  /** Requests that were due and not sent, since too many waited. */
  readonly held: number;
  /** What the first replies said. */
  readonly acked: number;
  readonly refused: number;
  readonly unknown: number;
  /** Ids that have an effect in the end. */
  readonly effects: number;
  /** Deliveries that the store did not count again. */
  readonly duplicates: number;
  readonly recoveryMs: number | undefined;
  readonly drainedMs: number;
  /** Of all replies to what was due while it lasted. */
  readonly p99Ms: number;
  readonly checks: readonly Checked[];
  /** What was expected beside the invariants and did not hold. */
  readonly missed: readonly string[];
  readonly notes: readonly string[];
  /** What first replies said where they were no success. */
  readonly reasons: readonly string[];
  readonly tookMs: number;
}

/** How a fault is run. */
export interface FaultRun {
  readonly target: Policy;
  readonly short: boolean;
  readonly signal: AbortSignal;
  say(text: string): void;
}

const warmMs = 1_000;
const warmMaxMs = 30_000;
const recoverMs = 30_000;
/** How long clients go on after the first success. */
const afterMs = 1_500;
const resendMs = 90_000;
const pollMs = 50;

let runs = 0;

/** Does the fault to the rig while clients send, lets everything come to rest, and checks. */
export async function runFault(fault: Fault, rig: Rig, run: FaultRun): Promise<FaultOutcome> {
  const startedMs = performance.now();
  const { target, short, signal } = run;
  const say = (text: string) => run.say(`  ${text}`);
  runs += 1;
  using ledger = clientLedger(join(rig.dir, `client-ledger-${runs}.jsonl`));
  const { mix } = rig.spec;
  const client = openClient({
    ledger,
    target,
    next: (index) => requestOf(mix, index, rig.url()),
  });
  const [notes, missed, extra]: [string[], string[], (readonly Effect[])[]] = [[], [], []];
  let hasTopic = true;
  const context: FaultContext = {
    ...{ rig, target, short, client, ledger, signal, say },
    note: (text) => notes.push(text),
    miss: (text) => missed.push(text),
    also: (effects) => extra.push(effects),
    topicIsGone: () => {
      hasTopic = false;
    },
  };
  await using collecting = await startCollecting(rig, fault, signal);
  const { struckMs, healedMs, recovery } = await underLoad(fault, context);
  const unknown = entriesThat(ledger, "unknown").length;
  const reasons = firstReasons(ledger);
  if (reasons.length > 0) say(reasons.join(", "));
  if (unknown > 0) say(`${unknown} unknown events are sent again`);
  const limits = { url: () => rig.url(), limitMs: resendMs, signal };
  const resent = await resendUnknown(ledger, limits);
  const evidence = await collectEvidence(collecting, {
    ...{ fault, target, hasTopic, ledger, resent, extra, signal },
    recoveryMs: recovery,
    recoverMaxMs: fault.recoverMs ?? recoverMs,
  });
  await fault.expect?.(context);
  const during = client.samples.filter(({ dueMs }) => dueMs >= struckMs && dueMs <= healedMs);
  const latencies = during.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  const first = (outcome: string) =>
    [...ledger.entries.values()].filter((each) => (each.first ?? "unknown") === outcome).length;
  return {
    ...{ numbers: fault.numbers, name: fault.name, title: fault.title, target },
    sent: ledger.entries.size,
    held: client.held,
    acked: first("acked"),
    refused: first("refused"),
    unknown: first("unknown"),
    effects: evidence.claimed.size,
    duplicates: evidence.duplicates,
    recoveryMs: recovery,
    drainedMs: evidence.drainedMs,
    p99Ms: percentile(latencies, 0.99),
    checks: checkInvariants(evidence, fault.exempt),
    ...{ missed, notes, reasons },
    tookMs: performance.now() - startedMs,
  };
}

/** Sends from before the fault until after it. */
async function underLoad(fault: Fault, context: FaultContext) {
  const { client, signal, say, short } = context;
  // What fails is sent again afterwards, which takes most of the time.
  client.start(short ? Math.ceil(fault.perSecond / 2) : fault.perSecond);
  await firstSuccess(client, 0, warmMaxMs, signal);
  await pause(warmMs, signal);
  signal.throwIfAborted();
  say(`${fault.title}: it begins`);
  const struckMs = performance.now();
  await fault.strike(context);
  await pause((short ? fault.shortMs : undefined) ?? fault.lastsMs ?? 0, signal);
  signal.throwIfAborted();
  await fault.heal?.(context);
  const healedMs = performance.now();
  say(`it is over after ${((healedMs - struckMs) / 1_000).toFixed(1)} s`);
  const recovery = await firstSuccess(client, healedMs, fault.recoverMs ?? recoverMs, signal);
  await pause(afterMs, signal);
  await client.stop();
  signal.throwIfAborted();
  return { struckMs, healedMs, recovery };
}

/** How long after `fromMs` a request was acknowledged that left after it; undefined where none was in time. */
async function firstSuccess(
  { samples }: OpenClient,
  fromMs: number,
  limitMs: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const beganMs = performance.now();
  let looked = fromMs === 0 ? 0 : samples.length;
  while (performance.now() - beganMs < limitMs) {
    for (; looked < samples.length; looked += 1) {
      const sample = samples[looked];
      if (sample?.outcome !== "acked" || sample.dueMs < fromMs) continue;
      return sample.dueMs + sample.latencyMs - fromMs;
    }
    signal.throwIfAborted();
    await pause(pollMs, signal);
  }
  return undefined;
}
