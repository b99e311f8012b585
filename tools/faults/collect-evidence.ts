import { MongoClient } from "mongodb";
import { slug } from "../../lib/pipeline/slug.ts";
import type { Policy } from "../../lib/pipeline/station.ts";
import { type Counts, differences } from "../../loadtest/compare.ts";
import type { Evidence } from "./check-invariants.ts";
import type { Fault } from "./fault.ts";
import { type ClientLedger, type Effect, entriesThat } from "./instrument/client-ledger.ts";
import { addingUp, countedKeys, placeOf, sumOfEffects } from "./instrument/counters.ts";
import { untilDrained } from "./instrument/drain.ts";
import { type LatestWatch, watchLatest } from "./instrument/latest-watch.ts";
import { type OrderProbe, orderProbe } from "./instrument/order-probe.ts";
import { type ProcessWatch, watchProcesses } from "./instrument/process-watch.ts";
import { claimedOf, grown, storedCounts, storeLedger } from "./instrument/stored.ts";
import { idsSince, type TopicEnds, topicEnds } from "./instrument/topic.ts";
import type { Rig } from "./rig.ts";

/** What stood in the stores before a fault, and what is watched while it lasts. */
export interface Collecting extends AsyncDisposable {
  readonly rig: Rig;
  readonly counts: Counts;
  readonly storeLedger: Readonly<Record<string, number>>;
  readonly ends: TopicEnds;
  readonly exits: number;
  readonly processes: ProcessWatch;
  readonly latest: LatestWatch | undefined;
  readonly order: OrderProbe | undefined;
}

/** What the run knows when everything was sent. */
export interface Known {
  readonly fault: Fault;
  readonly target: Policy;
  /** Whether the topic still holds what was published. */
  readonly hasTopic: boolean;
  readonly ledger: ClientLedger;
  readonly resent: number;
  readonly extra: readonly (readonly Effect[])[];
  readonly recoveryMs: number | undefined;
  readonly recoverMaxMs: number;
  readonly signal: AbortSignal;
}

const drainMs = 60_000;
const settleMs = 60_000;

/** Waits until nothing is on its way, and looks at everything before the fault. */
export async function startCollecting(
  rig: Rig,
  fault: Fault,
  signal: AbortSignal,
): Promise<Collecting> {
  // Nothing was sent since the last fault's end.
  const wait = { limitMs: settleMs, steadyMs: 0, signal };
  const { left } = await untilDrained(rig.drainable, wait);
  if (left !== undefined) {
    throw new Error(
      `Cannot begin: the brokers are not empty: current value is ${left.kafka} on Kafka, ${left.rabbit} on RabbitMQ`,
    );
  }
  const { valkey, spec, services, exits } = rig;
  const brokers = rig.system.urls.kafka;
  await using resources = new AsyncDisposableStack();
  const hasPlaces = spec.mix.pipeline === "clima-app";
  const latest = hasPlaces ? resources.use(watchLatest(valkey)) : undefined;
  const order = fault.ordered ? resources.use(orderProbe(brokers)) : undefined;
  const processes = resources.use(watchProcesses(services));
  const before = {
    counts: await storedCounts(valkey, countedKeys(spec.mix)),
    storeLedger: await storeLedger(valkey),
    ends: await topicEnds(brokers, spec.pipeline.broker.topic),
  };
  const owned = resources.move();
  return {
    ...{ rig, ...before, exits: exits.length, processes, latest, order },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Waits until everything has come to rest, and looks at it. */
export async function collectEvidence(
  collecting: Collecting,
  known: Known,
): Promise<Evidence & { readonly duplicates: number }> {
  const { rig, processes, latest } = collecting;
  const { fault, target, ledger, resent, signal, recoveryMs, recoverMaxMs } = known;
  const limitMs = fault.drainMs ?? drainMs;
  const drained = await untilDrained(rig.drainable, { limitMs, signal });
  const order = await collecting.order?.stop();
  const { valkey, spec } = rig;
  const ids = [...ledger.entries.values()].map(({ id }) => id);
  const counts = await storedCounts(valkey, countedKeys(spec.mix));
  const acked = entriesThat(ledger, "acked").map(({ effects }) => effects);
  const expected = sumOfEffects([...acked, ...known.extra]);
  const after = await storeLedger(valkey);
  return {
    ...{ ledger, resent, recoveryMs, recoverMaxMs, order, counts },
    claimed: await claimedOf(valkey, ids),
    inTopic: known.hasTopic ? await inTopicOf(collecting, target) : undefined,
    inLog: await inLogOf(rig, new Set(ids)),
    differences: differences(addingUp(collecting.counts), addingUp(counts), expected),
    drainedMs: drained.tookMs,
    left: drained.left,
    processes: processes.report(),
    exits: rig.exits.slice(collecting.exits),
    setBack: latest && [...latest.steps, ...(await notNewest(latest, ledger))],
    duplicates: grown(collecting.storeLedger, after, ["duplicate"]),
  };
}

async function inTopicOf({ rig, ends }: Collecting, target: Policy) {
  if (target !== "kafka" && target !== "both") return undefined;
  const records = await idsSince(rig.system.urls.kafka, rig.spec.pipeline.broker.topic, ends);
  return new Set([...records.values()].flat());
}

async function inLogOf({ system, spec }: Rig, ids: ReadonlySet<string>) {
  const { mongo } = system.urls;
  const { log } = spec.pipeline;
  if (mongo === undefined || log === undefined) return undefined;
  const client = new MongoClient(mongo, { serverSelectionTimeoutMS: 5_000 });
  try {
    const all = client.db().collection(log.collection).find();
    return (await all.map(({ _id }) => String(_id)).toArray()).filter((id) => ids.has(id));
  } finally {
    await client.close();
  }
}

/** Places that show an older event than the newest that was acknowledged. */
async function notNewest(latest: LatestWatch, ledger: ClientLedger): Promise<readonly string[]> {
  const newest = new Map<string, string>();
  for (const { id, effects } of entriesThat(ledger, "acked")) {
    const place = slug(placeOf(effects) ?? "");
    const hex = id.replaceAll("-", "");
    if (hex > (newest.get(place) ?? "")) newest.set(place, hex);
  }
  const now = await latest.now();
  return [...newest]
    .filter(([place, id]) => (now.get(place) ?? "") < id)
    .map(([place, id]) => `${place} shows ${now.get(place)} and not ${id}`);
}
