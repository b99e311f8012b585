import type { Ledger } from "../../../../../lib/ledger/ledger.ts";
import type { Lane } from "../../../../../lib/pipeline/station.ts";
import type { Column, Panel, Words } from "../../../../../lib/pipeline/view.ts";
import type { Lag } from "../../../lag.ts";
import type { State } from "../../../state.ts";

/** A pipeline as `GET /api/pipelines` lists it. */
export interface BoardPipeline {
  readonly name: string;
  readonly title: Words;
  readonly panels: readonly Panel[];
  readonly log: { readonly title: Words; readonly columns: readonly Column[] } | null;
  readonly lanes: readonly Lane[];
}

/** A record of a pipeline's log. */
export type LogRecord = Readonly<Record<string, string | number>> & { readonly _id: string };

/** What `GET /api/<pipeline>/snapshot` and the stream's events say; what is null does not answer at the moment. */
export interface Snapshot {
  /** The board's time, in milliseconds. */
  readonly at: number;
  readonly state: State | null;
  readonly ledger: Ledger | null;
  readonly lag: Lag | null;
  readonly deadLetters: Readonly<Record<string, { readonly waiting: number } | null>> | null;
  /** The newest records, where the pipeline has a log. */
  readonly logs?: readonly LogRecord[] | null;
}
