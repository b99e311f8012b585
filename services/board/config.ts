import { basePath, optional, port } from "../../lib/config.ts";
import { pipelineOf } from "../../lib/pipeline/find-station.ts";
import { adminPort, corsOrigins, laneAccess, mongoUrl, valkey } from "../../lib/variables.ts";
import { pipelines } from "../../pipelines/all.ts";
import { climaApp } from "../../pipelines/clima-app.ts";

/** What a board reads from its environment; its charts are typed by this table. */
export const spec = {
  /** The pipeline whose store this board shows. */
  PIPELINE: optional(pipelineOf(pipelines), climaApp),
  PORT: optional(port, 5_000),
  ADMIN_PORT: adminPort,
  CORS_ORIGINS: corsOrigins,
  /** A path below which everything is served a second time, for an Ingress or a proxy that leaves it on. */
  BASE_PATH: optional(basePath, ""),
  ...valkey,
  MONGO_URL: mongoUrl,
  ...laneAccess,
};
