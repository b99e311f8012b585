import { checkBatch } from "../check-batch.ts";
import { prefold } from "../prefold.ts";
import { checkQuery } from "../query-limits.ts";
import { reasonOf } from "../reason-of.ts";
import { refusal } from "../refusal.ts";
import type { FoldBatch, FoldResult, Store } from "../store.ts";
import { evictBeyond, makeRoom } from "./eviction.ts";
import { batchArguments, expectedNew, foldedMask } from "./fold-arguments.ts";
import { type FoldReply, runFold } from "./fold-script.ts";
import { planBytes } from "./plan-bytes.ts";
import { readCursors, readView } from "./read-view.ts";
import { isError, type ScriptArgument } from "./script.ts";
import { type ValkeyClient, valkeyClient } from "./valkey-client.ts";
import type { ValkeyOptions } from "./valkey-options.ts";

/** How a Valkey is reached and how much it remembers. */
export interface ValkeyStoreOptions extends ValkeyOptions {
  /** How many ids are remembered; the newest 65,536 ms are, whatever their number. @default 1,000,000 */
  readonly idsMax?: number;
}

/** How often a batch is folded anew because another lane brought the same events in between. */
const roundsMax = 8;

/**
 * A store in a Valkey, one script call per batch. What `apply` answered is as safe as the server keeps it: it survives
 * the server's end with `appendfsync always`, and a failover with `replicas`. Calls fail while the server is away and
 * work again by themselves afterwards.
 */
export function valkeyStore(options: ValkeyStoreOptions): Store {
  const { idsMax = 1_000_000 } = options;
  const client = valkeyClient(options);
  const named = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw new Error(`Cannot ${what} ${client.where}: ${reasonOf(error)}`, { cause: error });
    }
  };
  return {
    async apply(batch) {
      checkBatch(batch);
      return named(`apply ${batch.events.length} events of lane ${batch.lane} to`, () =>
        apply(client, idsMax, batch),
      );
    },
    cursors: (partitions) => named("read the cursors of", () => readCursors(client, partitions)),
    async read(query) {
      checkQuery(query);
      return named("read", () => readView(client, query));
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

async function apply(client: ValkeyClient, idsMax: number, batch: FoldBatch): Promise<FoldResult> {
  const { events } = batch;
  const fixed = batchArguments(client.prefix, batch);
  let folded = expectedNew(events);
  for (let round = 0; round < roundsMax; round++) {
    const plan = prefold(events, folded);
    const args = [...fixed, foldedMask(folded), planBytes(plan)];
    const reply = await foldWithRoom(client, idsMax, args);
    switch (reply.status) {
      case "retry":
        folded = reply.verdicts.map((verdict) => verdict === "applied");
        break;
      case "refused":
        return refusal(events, folded, plan, reply.bad);
      case "applied":
        await trim(client, idsMax, reply.idCount);
        return { status: "applied", verdicts: reply.verdicts, cursor: reply.cursor };
      default:
        return reply;
    }
  }
  throw new Error(`other lanes brought the same events: current value is ${roundsMax} times`);
}

/** Memory that is used up is first taken from the oldest ids, once per batch. */
async function foldWithRoom(
  client: ValkeyClient,
  idsMax: number,
  args: readonly ScriptArgument[],
): Promise<FoldReply> {
  try {
    return await runFold(client, args);
  } catch (error) {
    if (!isError(error, "OOM") || !(await makeRoom(client, idsMax))) throw error;
    return runFold(client, args);
  }
}

/** The batch has happened whatever becomes of this; a trim that fails is made up for by the next one. */
async function trim(client: ValkeyClient, idsMax: number, idCount: number): Promise<void> {
  if (idCount <= idsMax) return;
  try {
    await evictBeyond(client, idsMax);
  } catch {
    return;
  }
}
