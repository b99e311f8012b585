import { parts } from "../../../tools/parts/testing.ts";
import type { ValkeyServer } from "../../../tools/parts/valkey.ts";
import type { WatchedValkey, WatchedValkeyOptions } from "../../../tools/parts/valkey-sentinels.ts";
import { until } from "../../testing/until.ts";

/** Servers under sentinels, of one test alone. */
export interface WatchedValkeyUnderTest extends WatchedValkey, AsyncDisposable {
  /** Waits until another server than `last` is the primary. */
  primaryAfter(last: ValkeyServer): Promise<ValkeyServer>;
}

/** Starts servers under sentinels that the test may kill and freeze. */
export async function watchedValkey(
  options?: WatchedValkeyOptions,
): Promise<WatchedValkeyUnderTest> {
  if (parts === undefined) throw new Error("Cannot start a Valkey: no programs are installed");
  const watched = await parts.startWatchedValkey(options);
  return {
    ...watched,
    primaryAfter: (last) =>
      until(
        "another primary",
        async () => {
          const found = await watched.primary();
          return found === last ? undefined : found;
        },
        { timeoutMs: 30_000, everyMs: 50 },
      ),
  };
}
