import type { Counts } from "../../loadtest/compare.ts";
import { type Invariant, invariants } from "./fault.ts";
import { type ClientLedger, entriesThat, type LedgerEntry } from "./instrument/client-ledger.ts";
import type { Waiting } from "./instrument/drain.ts";
import type { OrderReport } from "./instrument/order-probe.ts";
import type { ProcessReport } from "./instrument/process-watch.ts";

/** Everything that was seen of a fault, after it and after the system came to rest. */
export interface Evidence {
  readonly ledger: ClientLedger;
  /** How many unknown events were sent again. */
  readonly resent: number;
  /** Ids whose effect the store holds. */
  readonly claimed: ReadonlySet<string>;
  /** Ids that stand in the topic; undefined where the Kafka lane is not required. */
  readonly inTopic: ReadonlySet<string> | undefined;
  /** Ids that stand in the pipeline's log, each as often as it does; undefined where it has none. */
  readonly inLog: readonly string[] | undefined;
  /** By how much counts differ from what the acknowledged events add up to. */
  readonly differences: Readonly<Record<string, number>>;
  readonly counts: Counts;
  readonly drainedMs: number;
  /** What still waits on the brokers. */
  readonly left: Waiting | undefined;
  readonly processes: ProcessReport;
  readonly exits: readonly string[];
  /** From the fault's end to the first success; undefined where there was none. */
  readonly recoveryMs: number | undefined;
  readonly recoverMaxMs: number;
  /** Steps back in event time, and places that do not show their newest event; undefined where there are no places. */
  readonly setBack: readonly string[] | undefined;
  readonly order: OrderReport | undefined;
}

/** Whether an invariant holds; undefined where there was nothing to hold it against. */
export interface Checked {
  readonly invariant: Invariant;
  readonly holds: boolean | undefined;
  /** What was seen, in a few words; ids where it does not hold. */
  readonly seen: string;
}

type Verdict = Omit<Checked, "invariant">;

const shown = 5;

/** The most memory that one of our processes may hold, in MiB. */
export const memoryMaxMib = 512;

const nothing = (seen: string): Verdict => ({ holds: undefined, seen });
const unless = (faults: readonly string[], seen: string): Verdict =>
  faults.length === 0
    ? { holds: true, seen }
    : {
        holds: false,
        seen: `${faults.slice(0, shown).join("; ")}${faults.length > shown ? ` and ${faults.length - shown} more` : ""}`,
      };

/** Holds the evidence against every invariant; those in `exempt` are not looked at. */
export function checkInvariants(
  evidence: Evidence,
  exempt: Partial<Readonly<Record<Invariant, string>>> = {},
): readonly Checked[] {
  return invariants.map((invariant) => {
    const reason = exempt[invariant];
    const verdict = reason === undefined ? checks[invariant](evidence) : nothing(reason);
    return { invariant, ...verdict };
  });
}

const checks: Readonly<Record<Invariant, (evidence: Evidence) => Verdict>> = {
  I1: everyAckHasItsEffect,
  I2: eachOnce,
  I3: noRefusedEffect,
  I4: repeatsHaveOneEffect,
  I5: ({ drainedMs, left }) =>
    unless(
      left === undefined ? [] : [`${left.kafka} wait on Kafka, ${left.rabbit} on RabbitMQ`],
      `drained in ${Math.round(drainedMs)} ms`,
    ),
  I6: bounded,
  I7: ({ recoveryMs, recoverMaxMs }) =>
    unless(
      recoveryMs === undefined ? [`no success within ${recoverMaxMs} ms`] : [],
      `first success after ${Math.round(recoveryMs ?? 0)} ms`,
    ),
  I8: ({ setBack }) =>
    setBack === undefined ? nothing("no latest state") : unless(setBack, "never set back"),
  I9: ({ order }) =>
    order === undefined
      ? nothing("not asked for")
      : unless(
          [
            ...(order.lost > 0 ? [`${order.lost} acknowledged messages are lost`] : []),
            ...(order.misplaced > 0 ? [`${order.misplaced} messages are out of order`] : []),
          ],
          `${order.acked} keyed messages in order`,
        ),
};

function everyAckHasItsEffect({ ledger, claimed, inTopic }: Evidence): Verdict {
  const acked = entriesThat(ledger, "acked");
  if (acked.length === 0) return nothing("nothing was acknowledged");
  return unless(
    [
      ...acked.filter(({ id }) => !claimed.has(id)).map(({ id }) => `${id} has no effect`),
      ...acked
        .filter(({ id }) => inTopic?.has(id) === false)
        .map(({ id }) => `${id} is not in the topic`),
    ],
    `${acked.length} have their effect`,
  );
}

function eachOnce({ differences, inLog, ledger }: Evidence): Verdict {
  const twice = (inLog ?? []).filter((id, index, all) => all.indexOf(id) !== index);
  const logged = new Set(inLog);
  const missing =
    inLog === undefined ? [] : entriesThat(ledger, "acked").filter(({ id }) => !logged.has(id));
  return unless(
    [
      ...Object.entries(differences).map(([name, by]) => `${name} ${by > 0 ? "+" : ""}${by}`),
      ...twice.map((id) => `${id} is logged twice`),
      ...missing.map(({ id }) => `${id} is not logged`),
    ],
    "counts are those of the ids",
  );
}

function noRefusedEffect({ ledger, claimed, inTopic }: Evidence): Verdict {
  const refused = entriesThat(ledger, "refused");
  if (refused.length === 0) return nothing("nothing was refused");
  const has = ({ id }: LedgerEntry) => claimed.has(id) || inTopic?.has(id) === true;
  return unless(
    refused.filter(has).map(({ id, why }) => `${id} was refused (${why}) and has an effect`),
    `${refused.length} have no effect`,
  );
}

function repeatsHaveOneEffect({ ledger, resent }: Evidence): Verdict {
  if (resent === 0) return nothing("nothing was unknown");
  const rest = [...ledger.entries.values()].filter(
    ({ first, outcome }) => (first ?? "unknown") === "unknown" && outcome !== "acked",
  );
  return unless(
    rest.map(
      ({ id, outcome, why }) => `${id} is ${outcome ?? "unknown"} after its repeats: ${why}`,
    ),
    `${resent} sent again, all acknowledged`,
  );
}

function bounded({ processes, exits }: Evidence): Verdict {
  const { mostMib, unhandled } = processes;
  const most = Math.max(0, ...mostMib.values());
  return unless(
    [
      ...[...mostMib]
        .filter(([, mib]) => mib > memoryMaxMib)
        .map(([name, mib]) => `${name} held ${Math.round(mib)} MiB`),
      ...exits.map((exit) => `ended: ${exit}`),
      ...unhandled,
    ],
    `${Math.round(most)} MiB at most`,
  );
}
