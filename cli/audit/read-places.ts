import { readLedger } from "../../lib/ledger/ledger.ts";
import { within } from "../../lib/pause.ts";
import type { LanePlace, PipelinePlace, Places, Stores } from "../places/place.ts";
import type { Audited } from "./audited.ts";

const partMs = 15_000;

/** Reads what there is to audit, again and again. */
export interface AuditSource extends AsyncDisposable {
  readonly where: string;
  /** Whether waiting can help what is in flight. */
  readonly idle: boolean;
  read(): Promise<readonly Audited[]>;
}

/** Reads brokers and stores themselves; disposing disconnects from the stores. */
export async function placesSource(places: Places): Promise<AuditSource> {
  const resources = new AsyncDisposableStack();
  const opened = await Promise.all(
    places.pipelines.map(async (place) => ({ place, stores: resources.use(await place.stores()) })),
  );
  return {
    where: places.where,
    idle: places.idle ?? false,
    read: () => Promise.all(opened.map(({ place, stores }) => readPlace(place, stores))),
    [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose](),
  };
}

async function readPlace(
  { pipeline, lanes }: PipelinePlace,
  { store, log }: Stores,
): Promise<Audited> {
  const probes = Object.fromEntries(lanes.map(({ lane, probe }) => [lane, probe]));
  // Both first: what comes in between is then in flight at worst.
  const [waiting, behind] = await Promise.all([
    Promise.all(lanes.map(waitingIn)),
    log && orNull("read a log", logBehind(log, lanes)),
  ]);
  const ledger = await orNull(
    "read a ledger",
    readLedger(() => store.read({}), probes),
  );
  return {
    pipeline: pipeline.name,
    ledger,
    waiting: Object.fromEntries(waiting),
    ...(behind === undefined ? {} : { logBehind: behind }),
  };
}

async function waitingIn({ lane, letters }: LanePlace) {
  const tally = await orNull("count dead letters", letters.tally());
  return [lane, tally?.waiting ?? null] as const;
}

async function logBehind(
  log: NonNullable<Stores["log"]>,
  lanes: readonly LanePlace[],
): Promise<number> {
  const ends = await Promise.all(
    lanes.map(({ probe }) => (probe.kind === "offsets" ? probe.ends() : new Map<string, number>())),
  );
  const all = new Map(ends.flatMap((each) => [...each]));
  const cursors = await log.cursors([...all.keys()]);
  return [...all].reduce(
    (sum, [partition, end]) => sum + Math.max(0, end - (cursors.get(partition) ?? 0)),
    0,
  );
}

function orNull<T>(what: string, work: Promise<T>): Promise<T | null> {
  return within(what, partMs, work).catch(() => null);
}
