import type { AnyPipeline } from "../lib/pipeline/pipeline.ts";
import { climaApp } from "./clima-app.ts";

/** Every pipeline, the one that owns the bare routes of laptop mode first. */
export const pipelines: readonly AnyPipeline[] = [climaApp];
