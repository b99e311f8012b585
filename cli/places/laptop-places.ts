import { existsSync } from "node:fs";
import { deadLettersOf } from "../../lib/broker/dead-letter-lane.ts";
import { type EmbeddedBroker, embeddedBroker } from "../../lib/broker/embedded/embedded-broker.ts";
import { laptopFiles } from "../../lib/laptop-files.ts";
import { stationsThat } from "../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { embeddedBeside } from "../../lib/store/embedded/embedded-beside.ts";
import { embeddedLog } from "../../lib/store/embedded/embedded-log.ts";
import { embeddedStore } from "../../lib/store/embedded/embedded-store.ts";
import type { PipelinePlace, Places, Stores } from "./place.ts";

/**
 * The pipelines of laptop mode, in the folder that it keeps its files in; laptop mode itself must not run.
 *
 * @throws Error where there is no such folder, or laptop mode has it open.
 */
export function laptopPlaces(
  dataDir: string,
  pipelines: readonly AnyPipeline[],
  idsMax: number,
): Places {
  const files = laptopFiles(dataDir);
  if (!existsSync(files.broker)) {
    throw new Error(`Cannot look into ${dataDir}: laptop mode has no files there`);
  }
  const broker = open(files.broker);
  return {
    where: `laptop mode's folder ${dataDir}`,
    idle: true,
    pipelines: pipelines.map((pipeline) => laptopPlace(pipeline, broker, dataDir, idsMax)),
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  };
}

function open(file: string): EmbeddedBroker {
  try {
    return embeddedBroker({ file });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const wayOut =
      "laptop mode that runs is looked at through its board: /api/<pipeline>/dead-letters, audit --board URL";
    throw new Error(`${why}; ${wayOut}`, { cause });
  }
}

function laptopPlace(
  pipeline: AnyPipeline,
  broker: EmbeddedBroker,
  dataDir: string,
  idsMax: number,
): PipelinePlace {
  const { laneOf } = laptopFiles(dataDir);
  const lanes = stationsThat([pipeline], "consumer").map(({ station }) => station.lane);
  return {
    pipeline,
    lanes: [...new Set(lanes)].map((lane) => {
      const name = laneOf(pipeline.name, lane);
      return {
        pipeline,
        lane,
        letters: broker.deadLetters(deadLettersOf(name)),
        probe: { kind: "offsets", ends: () => broker.ends(name) },
        publisher: () => broker.publisher(name),
        logs: () => ({ log: broker.log(name), letters: broker.log(deadLettersOf(name)) }),
      };
    }),
    stores: async () => openStores(pipeline, dataDir),
    beside: async () => embeddedBeside({ file: laptopFiles(dataDir).store(pipeline.name), idsMax }),
  };
}

function openStores({ name, log }: AnyPipeline, dataDir: string): Stores {
  const files = laptopFiles(dataDir);
  const resources = new AsyncDisposableStack();
  const store = resources.use(embeddedStore({ file: files.store(name) }));
  const eventLog = log && resources.use(embeddedLog({ file: files.log(name) }));
  return { store, log: eventLog, [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose]() };
}
