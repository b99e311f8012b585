import type { EventId } from "../../event/event-id.ts";
import { checkBatch } from "../check-batch.ts";
import { ledgerOfBatch, ledgersOf } from "../ledger.ts";
import { prefold } from "../prefold.ts";
import { checkQuery } from "../query-limits.ts";
import { isSound, refusal } from "../refusal.ts";
import type { FoldBatch, FoldResult, Store, StoreQuery, StoreView, Verdict } from "../store.ts";
import { checkPlan } from "./check-plan.ts";
import { type Claims, claimsSchema, createClaims } from "./claims.ts";
import { createData, type Data, dataSchema } from "./data.ts";
import { inSnapshot, inTransaction, onFile, openDatabase } from "./database.ts";
import { createProgress, type Progress, progressSchema } from "./progress.ts";
import { readKey } from "./read-key.ts";
import { writePlan } from "./write-plan.ts";

/** Where an embedded store stands and how much it remembers. */
export interface EmbeddedStoreOptions {
  /** The database's file, or `:memory:`. */
  readonly file: string;
  /** How many ids are remembered; the newest 65,536 ms are, whatever their number. @default 1,000,000 */
  readonly idsMax?: number;
}

/** Expired keys that a batch removes beyond one for each of its events. */
const sweepMax = 100;

/** A store in a file of this machine: what `apply` answered survives the process's end, however it comes. */
export function embeddedStore({ file, idsMax = 1_000_000 }: EmbeddedStoreOptions): Store {
  const database = openDatabase(file, [...claimsSchema, ...dataSchema, ...progressSchema]);
  const parts: Parts = {
    claims: createClaims(database, idsMax),
    data: createData(database),
    progress: createProgress(database),
  };
  const named = <T>(what: string, work: () => T): T => onFile(file, what, work);
  return {
    async apply(batch) {
      checkBatch(batch);
      return named(`apply ${batch.events.length} events of lane ${batch.lane} to`, () =>
        inTransaction(
          database,
          () => apply(parts, batch, Date.now()),
          ({ status }) => status === "applied",
        ),
      );
    },
    cursors: async (partitions) =>
      named("read the cursors of", () => parts.progress.cursors(partitions)),
    async read(query) {
      checkQuery(query);
      return named("read", () => inSnapshot(database, () => read(parts, query, Date.now())));
    },
    async [Symbol.asyncDispose]() {
      database.close();
    },
  };
}

interface Parts {
  readonly claims: Claims;
  readonly data: Data;
  readonly progress: Progress;
}

function apply({ claims, data, progress }: Parts, batch: FoldBatch, nowMs: number): FoldResult {
  const { range, events } = batch;
  const cursor = range && progress.cursor(range.partition);
  if (range && cursor !== undefined) {
    if (range.from > cursor) return { status: "ahead", cursor };
    if (range.to <= cursor) return { status: "behind", cursor };
  }
  const verdicts = claims.claim(events, cursor);
  if (verdicts.some(isUnsettled)) return { status: "unsettled", verdicts };
  const folded = verdicts.map((verdict) => verdict === "applied");
  const plan = prefold(events, folded);
  const checked = checkPlan(plan, data, nowMs);
  if (!isSound(plan) || checked.bad.length > 0) return refusal(events, folded, plan, checked.bad);
  data.sweep(nowMs, events.length + sweepMax);
  writePlan(plan, checked, data, nowMs);
  progress.add(batch.lane, ledgerOfBatch(batch, verdicts, cursor ?? 0));
  if (range) progress.setCursor(range.partition, range.to);
  claims.evict();
  return { status: "applied", verdicts, cursor: range?.to };
}

function read({ claims, data, progress }: Parts, query: StoreQuery, nowMs: number): StoreView {
  const { keys = [], ids = [] } = query;
  return {
    keys: keys.map((each) => readKey(data, each, nowMs)),
    ids: ids.map((id: EventId) => claims.has(id)),
    lanes: ledgersOf(progress.ledger()),
    cursors: progress.cursors(),
  };
}

function isUnsettled(verdict: Verdict): boolean {
  return verdict === "late" || verdict === "conflict";
}
