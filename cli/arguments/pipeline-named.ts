import { pipelineOf } from "../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { pipelines as all } from "../../pipelines/all.ts";

/**
 * The pipelines that `--pipeline` names; undefined where it was not given.
 *
 * @throws Error naming those that there are.
 */
export function pipelinesNamed(names: readonly string[]): readonly AnyPipeline[] | undefined {
  return names.length === 0 ? undefined : names.map(pipelineNamed);
}

function pipelineNamed(name: string): AnyPipeline {
  try {
    return pipelineOf(all)(name);
  } catch (cause) {
    throw new Error(`--pipeline ${(cause as Error).message}: current value is "${name}"`, {
      cause,
    });
  }
}
