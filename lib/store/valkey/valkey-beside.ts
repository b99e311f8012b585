import type { StoreBeside, SwapOptions, SwapResult } from "../beside.ts";
import { emptyLedger } from "../ledger.ts";
import { reasonOf } from "../reason-of.ts";
import type { FoldBatch, FoldResult, LaneLedger } from "../store.ts";
import dropSource from "./drop.lua" with { type: "text" };
import reserveSource from "./reserve.lua" with { type: "text" };
import { createScript, runScript } from "./script.ts";
import swapSource from "./swap.lua" with { type: "text" };
import { addressOf, valkeyClient } from "./valkey-client.ts";
import { valkeyImages } from "./valkey-images.ts";
import { checkRoom, checkStillRoom } from "./valkey-room.ts";
import { type ValkeyStoreOptions, valkeyStore } from "./valkey-store.ts";

const reserveScript = createScript(reserveSource);
const swapScript = createScript(swapSource);
const dropScript = createScript(dropSource);

/** The highest logical database that is tried; a server has 16 where nothing else was said. */
const databaseMax = 63;
/** How many batches go by between two looks at the server's memory. */
const lookEvery = 20;
/** A swap copies what clients' keys are bound to, and comparing reads keys whole. */
const commandTimeoutMs = 30_000;

/** Which store, and whose; keys must have no prefix, since databases are swapped. */
export interface ValkeyBesideOptions extends Omit<ValkeyStoreOptions, "prefix"> {
  /** Whose leftovers may be cleared away. */
  readonly pipeline: string;
}

/**
 * A fresh store in another logical database of the same server, put in the live one's place by SWAPDB. Its user needs more
 * than a consumer's rights (docs/operations.md).
 *
 * @throws Error where the server has no free database, no memory for a second store, is a cluster, or refuses a command.
 */
export async function valkeyBeside(options: ValkeyBesideOptions): Promise<StoreBeside> {
  const resources = new AsyncDisposableStack();
  try {
    return await open(options, resources);
  } catch (error) {
    await resources[Symbol.asyncDispose]();
    throw error;
  }
}

async function open(
  { pipeline, ...options }: ValkeyBesideOptions,
  resources: AsyncDisposableStack,
): Promise<StoreBeside> {
  const address = addressOf(options.url);
  const liveAt = address.database;
  const token = crypto.randomUUID();
  const client = resources.use(valkeyClient({ ...options, commandTimeoutMs }));
  const reserved = await named(client.where, "reserve a database of", () =>
    runScript(client, reserveScript, [pipeline, token, liveAt, databaseMax]),
  );
  const freshAt = Number(reserved);
  if (freshAt < 0) {
    throw new Error(`Cannot rebuild beside ${client.where}: it has no empty logical database`);
  }
  const beside = { ...address, database: freshAt };
  const besideClient = resources.use(valkeyClient({ ...options, url: beside, commandTimeoutMs }));
  const live = resources.use(valkeyStore(options));
  const fresh = resources.use(valkeyStore({ ...options, url: beside }));
  let dropped = false;
  const drop = async () => {
    if (dropped) return;
    dropped = true;
    await runScript(client, dropScript, [freshAt, token]);
  };
  const close = async () => {
    // What stays behind is cleared away by the next rebuild.
    await drop().catch(() => {});
    await resources[Symbol.asyncDispose]();
  };
  await checkRoom(client).catch(async (error: unknown) => {
    await drop().catch(() => {});
    throw error;
  });
  let batches = 0;
  return {
    live,
    fresh: {
      read: (query) => fresh.read(query),
      async apply(batch: FoldBatch): Promise<FoldResult> {
        if (batches++ % lookEvery === 0) await checkStillRoom(client);
        return fresh.apply(batch);
      },
    },
    keys: (of) => valkeyImages(of === "live" ? client : besideClient),
    async swap(options: SwapOptions): Promise<SwapResult> {
      const keep = options.keep ? "1" : "0";
      const args = [liveAt, freshAt, pipeline, token, keep, ...expectedOf(options.others)];
      const status = await named(client.where, "swap the databases of", () =>
        runScript(client, swapScript, args),
      );
      if (status === "moved") return { status };
      if (status !== "swapped") throw new Error(takenFrom(client.where));
      dropped = options.keep;
      return { status, kept: options.keep ? `logical database ${freshAt}` : undefined };
    },
    [Symbol.asyncDispose]: close,
  };
}

function takenFrom(where: string): string {
  return `Cannot swap the databases of ${where}: another rebuild has taken the fresh one`;
}

async function named<T>(where: string, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`Cannot ${what} ${where}: ${reasonOf(error)}`, { cause: error });
  }
}

const names = Object.keys(emptyLedger()) as readonly (keyof LaneLedger)[];

/** Every count of the lanes, zeros included: none may have begun. */
function expectedOf(others: SwapOptions["others"]): readonly string[] {
  return Object.entries(others).flatMap(([lane, ledger]) =>
    names.flatMap((name) => [`${lane}:${name}`, `${ledger[name]}`]),
  );
}
