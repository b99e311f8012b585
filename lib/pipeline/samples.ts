import type { AnyPipeline } from "./pipeline.ts";
import { eventPathsOf } from "./route-table.ts";

/** The command lines that send a pipeline an event and show what became of it, for people who try it at `base`. */
export function samples(pipeline: AnyPipeline, base: string): readonly string[] {
  const [path = "/"] = eventPathsOf(pipeline);
  return [
    `  curl ${base}${path} --json '${JSON.stringify(pipeline.sample)}'`,
    `  curl ${base}/api/${pipeline.name}/state`,
  ];
}
