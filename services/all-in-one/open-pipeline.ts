import type { Message } from "@bufbuild/protobuf";
import { deadLettersOf } from "../../lib/broker/dead-letter-lane.ts";
import type { EmbeddedBroker } from "../../lib/broker/embedded/embedded-broker.ts";
import type { Publisher } from "../../lib/broker/publisher.ts";
import { type DeliveryReport, eventLines } from "../../lib/delivery/delivery-report.ts";
import { encoded } from "../../lib/delivery/encoded.ts";
import { fanOut, policyAmong } from "../../lib/delivery/fan-out.ts";
import { foldHandler } from "../../lib/delivery/fold-handler.ts";
import { metered } from "../../lib/delivery/metered.ts";
import type { PipelineEvent } from "../../lib/event/event.ts";
import { laptopFiles } from "../../lib/laptop-files.ts";
import type { Log } from "../../lib/log.ts";
import type { RelayMetrics } from "../../lib/metrics.ts";
import { stationsThat } from "../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { Policy } from "../../lib/pipeline/station.ts";
import { embeddedKeys } from "../../lib/store/embedded/embedded-keys.ts";
import { embeddedLog } from "../../lib/store/embedded/embedded-log.ts";
import { embeddedStore } from "../../lib/store/embedded/embedded-store.ts";
import type { Keys } from "../../lib/store/keys.ts";
import type { BoardSource } from "../board/board-source.ts";

/** A pipeline whose lanes, keys, store and log are embedded. */
export interface OpenPipeline extends AsyncDisposable {
  /** What the doors of every station publish to: both lanes. */
  readonly publisher: Publisher<PipelineEvent<Message>>;
  readonly keys: Keys;
  readonly board: BoardSource;
}

/** What opening a pipeline takes. */
export interface OpenOptions {
  readonly broker: EmbeddedBroker;
  readonly dataDir: string;
  /** Which lanes must have stored an event before the reply. */
  readonly policy: Policy;
  readonly idsMax: number;
  readonly metrics: RelayMetrics;
  readonly log: Log;
  /** Gets one line for each event, where people want to follow them. */
  readonly writeEvent: ((line: string) => void) | undefined;
}

/** Opens a pipeline's store, log and keys and begins to fold both of its lanes. */
export async function openPipeline(
  pipeline: AnyPipeline,
  { broker, dataDir, policy, idsMax, metrics, log, writeEvent }: OpenOptions,
): Promise<OpenPipeline> {
  const resources = new AsyncDisposableStack();
  const { name } = pipeline;
  const files = laptopFiles(dataDir);
  const store = resources.use(embeddedStore({ file: files.store(name), idsMax }));
  const keys = resources.use(embeddedKeys({ file: files.keys(name) }));
  const eventLog = pipeline.log && resources.use(embeddedLog({ file: files.log(name) }));
  const consumers = stationsThat([pipeline], "consumer");
  const laneOf = (lane: string) => files.laneOf(name, lane);
  for (const { station } of consumers) {
    const lane = laneOf(station.lane);
    const report: { report?: DeliveryReport } =
      writeEvent === undefined ? {} : { report: eventLines(station.label, writeEvent) };
    const deadLetters = resources.use(broker.publisher(deadLettersOf(lane)));
    const handler = foldHandler(eventLog === undefined ? [store] : [store, eventLog], {
      pipeline,
      lane: station.lane,
      deadLetters,
      log,
      ...report,
    });
    resources.use(await broker.subscriber(lane, { log }).subscribe(handler));
  }
  const lanes = Object.fromEntries(
    consumers.map(({ station: { lane } }) => [
      lane,
      metered(lane, metrics, broker.publisher(laneOf(lane))),
    ]),
  );
  const publisher = resources.use(
    encoded(pipeline, fanOut({ policy: policyAmong(policy, Object.keys(lanes)), lanes })),
  );
  return {
    publisher,
    keys,
    board: {
      pipeline,
      store,
      log: eventLog,
      lanes: Object.fromEntries(
        consumers.map(({ station: { lane } }) => [
          lane,
          { kind: "offsets", ends: () => broker.ends(laneOf(lane)) } as const,
        ]),
      ),
      deadLetters: Object.fromEntries(
        consumers.map(({ station: { lane } }) => [
          lane,
          broker.deadLetters(deadLettersOf(laneOf(lane))),
        ]),
      ),
    },
    [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose](),
  };
}
