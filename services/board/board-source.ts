import type { DeadLetters } from "../../lib/broker/dead-letters.ts";
import type { LaneProbe } from "../../lib/ledger/lane-probe.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { EventLog } from "../../lib/store/event-log.ts";
import type { Store } from "../../lib/store/store.ts";

/** A pipeline with what the board reads of it. */
export interface BoardSource {
  readonly pipeline: AnyPipeline;
  readonly store: Store;
  /** The pipeline's log, where it has one. */
  readonly log?: Pick<EventLog, "newest"> | undefined;
  /** The pipeline's lanes, by the names that the ledger has for them. */
  readonly lanes: Readonly<Record<string, LaneProbe>>;
  /** What was set aside, by lane. */
  readonly deadLetters?: Readonly<Record<string, Pick<DeadLetters, "tally" | "read">>>;
}
