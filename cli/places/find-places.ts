import { existsSync } from "node:fs";
import { absent, type ConfigSpec, optional, readConfig, text } from "../../lib/config.ts";
import { laptopFiles } from "../../lib/laptop-files.ts";
import { pipelineOf } from "../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { idsMax } from "../../lib/variables.ts";
import { pipelines as all } from "../../pipelines/all.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { laptopPlaces } from "./laptop-places.ts";
import type { PlaceOptions, Places } from "./place.ts";
import { runningServers } from "./run-state.ts";
import { serverPlace, serverSpec } from "./server-place.ts";

/** What decides between places; the servers' own variables are `serverSpec`. */
const spec = {
  PIPELINE: absent(pipelineOf(all)),
  RUN_DIR: optional(text, ".run"),
  DATA_DIR: optional(text, ".data"),
  IDS_MAX: idsMax,
};

/** The variables that say where servers are: one of them is enough to look there. */
const addresses = ["KAFKA_BROKERS", "RABBIT_URL", "VALKEY_SERVICE_URL"] as const;

/**
 * Finds what to work on: the folder of laptop mode that the command line names; else the servers that the environment
 * names, as it does for a board; else what `npm run up` runs; else laptop mode's usual folder.
 *
 * @throws Error where there is none of these, or not with these pipelines.
 */
export function findPlaces({ pipelines, dataDir, env }: PlaceOptions): Places {
  const config = readConfig(spec, env);
  const chosen = pipelines ?? (config.PIPELINE && [config.PIPELINE]);
  if (dataDir !== undefined) return laptopPlaces(dataDir, chosen ?? all, config.IDS_MAX);
  if (namesServers(env)) {
    return serverPlaces("the servers of the environment", chosen ?? [climaApp], () => env);
  }
  const running = runningServers(config.RUN_DIR);
  if (running !== undefined) {
    const found = all.filter(({ name }) => name in running);
    refuseOthers(chosen ?? [], found);
    return serverPlaces(
      "what `npm run up` runs",
      chosen ?? found,
      ({ name }) => running[name] ?? {},
    );
  }
  if (existsSync(laptopFiles(config.DATA_DIR).broker)) {
    return laptopPlaces(config.DATA_DIR, chosen ?? all, config.IDS_MAX);
  }
  throw new Error(
    `Cannot find brokers: \`npm run up\` does not run here, laptop mode has no files in ${config.DATA_DIR} (--data-dir), and none of ${addresses.join(", ")} is set`,
  );
}

function serverPlaces(
  where: string,
  pipelines: readonly AnyPipeline[],
  envOf: (pipeline: AnyPipeline) => PlaceOptions["env"],
): Places {
  const resources = new AsyncDisposableStack();
  return {
    where,
    pipelines: pipelines.map((pipeline) => serverPlace(pipeline, envOf(pipeline), resources)),
    [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose](),
  };
}

function namesServers(env: PlaceOptions["env"]): boolean {
  const table: ConfigSpec = serverSpec;
  return addresses
    .flatMap((name) => [name, ...(table[name]?.aliases ?? [])])
    .some((name) => (env[name] ?? "") !== "");
}

function refuseOthers(chosen: readonly AnyPipeline[], found: readonly AnyPipeline[]): void {
  const missing = chosen.find((each) => !found.includes(each));
  if (missing === undefined) return;
  const there = found.map(({ name }) => name).join(", ");
  throw new Error(`Cannot look at ${missing.name}: \`npm run up\` runs only ${there}`);
}
