import type { BrokerMessage } from "../broker/message.ts";
import type { Publisher } from "../broker/publisher.ts";
import type { Log } from "../log.ts";
import type { AnyPipeline } from "../pipeline/pipeline.ts";
import type { DeliveryReport } from "./delivery-report.ts";

/** What folding a lane needs. */
export interface LaneOptions {
  readonly pipeline: AnyPipeline;
  /** The lane's name in the ledger. */
  readonly lane: string;
  /** Where messages go that cannot take effect. */
  readonly deadLetters: Publisher<BrokerMessage>;
  readonly log: Log;
  readonly report: DeliveryReport;
}
