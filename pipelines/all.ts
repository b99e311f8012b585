// Written by `bun run gen`: every file of this folder that is no test is a pipeline.
import type { AnyPipeline } from "../lib/pipeline/pipeline.ts";
import { climaApp } from "./clima-app.ts";
import { proyecto3 } from "./proyecto3.ts";
import { votaciones } from "./votaciones.ts";

/** Every pipeline, by name; of a bare route that several have, the first one's is served. */
export const pipelines: readonly AnyPipeline[] = [climaApp, proyecto3, votaciones];
