import type { Store } from "../store.ts";

/** One store's data, made for one test and gone after it. */
export interface DataUnderTest extends AsyncDisposable {
  /** A handle on the data; all handles stand on the same. */
  connect(): Store;
}

/** A driver as the suite sees it. */
export interface DriverUnderTest {
  readonly name: string;
  /** Fresh and empty data. */
  fresh(options?: { readonly idsMax?: number }): DataUnderTest;
}
