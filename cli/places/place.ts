import type { DeadLetters } from "../../lib/broker/dead-letters.ts";
import type { LaneLog } from "../../lib/broker/lane-log.ts";
import type { BrokerMessage } from "../../lib/broker/message.ts";
import type { Publisher } from "../../lib/broker/publisher.ts";
import type { LaneProbe } from "../../lib/ledger/lane-probe.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { StoreBeside } from "../../lib/store/beside.ts";
import type { EventLog } from "../../lib/store/event-log.ts";
import type { Store } from "../../lib/store/store.ts";

/** A lane of a pipeline, as an operator reaches it. */
export interface LanePlace {
  readonly pipeline: AnyPipeline;
  readonly lane: string;
  readonly letters: DeadLetters;
  readonly probe: LaneProbe;
  /** Publishes to the lane's own topic or queue; to be disposed by who asked for it. */
  publisher(): Publisher<BrokerMessage>;
  /** Opens the lane's own log and that of its dead letters; undefined where the broker keeps none. */
  readonly logs?: (() => LaneLogs) | undefined;
}

/** What a broker keeps of a lane; both are to be disposed by who asked for them. */
export interface LaneLogs {
  readonly log: LaneLog;
  readonly letters: LaneLog;
}

/** What a pipeline's lanes are folded into. */
export interface Stores extends AsyncDisposable {
  readonly store: Pick<Store, "read">;
  /** Undefined where the pipeline has no log. */
  readonly log: Pick<EventLog, "cursors"> | undefined;
}

/** A pipeline that runs somewhere, as an operator reaches it; nothing connects before it is asked. */
export interface PipelinePlace {
  readonly pipeline: AnyPipeline;
  readonly lanes: readonly LanePlace[];
  stores(): Promise<Stores>;
  /** A fresh store beside the live one; to be disposed by who asked for it. */
  beside(): Promise<StoreBeside>;
}

/** The pipelines that an operator's command works on; disposing disconnects. */
export interface Places extends AsyncDisposable {
  /** Where they are, for people. */
  readonly where: string;
  /** Set where nobody folds lanes while the command runs: what is in flight stays there. */
  readonly idle?: boolean;
  readonly pipelines: readonly PipelinePlace[];
}

/** What a command line and an environment say of where to look. */
export interface PlaceOptions {
  /** Only these pipelines. @default all that are there */
  readonly pipelines?: readonly AnyPipeline[] | undefined;
  /** The folder of laptop mode. @default the environment decides */
  readonly dataDir?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}
