import { join } from "node:path";

/** The files of laptop mode, and what its lanes are called in them. */
export interface LaptopFiles {
  /** The broker's, which one process at a time may have open. */
  readonly broker: string;
  store(pipeline: string): string;
  keys(pipeline: string): string;
  log(pipeline: string): string;
  /** The name of a pipeline's lane within the broker's file. */
  laneOf(pipeline: string, lane: string): string;
}

/** Where laptop mode keeps its files in `dataDir`. */
export function laptopFiles(dataDir: string): LaptopFiles {
  return {
    broker: join(dataDir, "broker.sqlite"),
    store: (pipeline) => join(dataDir, `${pipeline}.sqlite`),
    keys: (pipeline) => join(dataDir, `${pipeline}-keys.sqlite`),
    log: (pipeline) => join(dataDir, `${pipeline}-log.sqlite`),
    laneOf: (pipeline, lane) => `${pipeline}/${lane}`,
  };
}
