import type { KeyType } from "./fold-plan.ts";
import type { LaneLedger, Store } from "./store.ts";

/** What one key holds, in a form that is the same in every store that holds the same. */
export interface KeyImage {
  readonly key: string;
  /** `other`: of a kind that no fold writes. */
  readonly kind: KeyType | "other";
  /** How many fields, entries or values; 1 for a string. */
  readonly length: number;
  /** SHA-256 of the content; the order of fields, entries and values is left out, and so is when the key expires. */
  readonly digest: string;
  /** Milliseconds since the Unix epoch; undefined: for ever. */
  readonly expiresMs: number | undefined;
}

/** What a swap is told. */
export interface SwapOptions {
  /**
   * The ledgers of lanes that were not folded anew, as they were when the stores were compared. The fresh store takes them
   * over: what had been applied by them is applied by the others now, so it counts as duplicates.
   */
  readonly others: Readonly<Record<string, LaneLedger>>;
  /** Leaves the store that goes away beside the new one. */
  readonly keep: boolean;
}

/** `moved`: lanes that are not folded anew have brought something meanwhile, and nothing was done. */
export type SwapResult =
  | { readonly status: "swapped"; readonly kept: string | undefined }
  | { readonly status: "moved" };

/**
 * A live store, and a fresh one beside it that can take its place: same server or folder, and nobody else sees it.
 *
 * `swap` is one step for everybody who reads or writes: before it all is as it was, after it the fresh store is the live
 * one, with its folds, claims, cursors and ledger together, and with what clients' keys are bound to. Consumers may go on
 * meanwhile: those of lanes with offsets are rewound to the fresh store's cursors; those of other lanes must have brought
 * nothing since `others` was read, or the answer is `moved`. Who dies before the swap leaves the live store untouched, and
 * what is left of the fresh one is cleared away by whoever opens the next. Disposing drops whichever is not live.
 */
export interface StoreBeside extends AsyncDisposable {
  readonly live: Pick<Store, "read">;
  readonly fresh: Pick<Store, "apply" | "read">;
  /** Every key that folds write, in no order; the store's own are left out. */
  keys(of: "live" | "fresh"): AsyncIterable<KeyImage>;
  /** To be called once. */
  swap(options: SwapOptions): Promise<SwapResult>;
}
