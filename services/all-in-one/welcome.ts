import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { samples } from "../../lib/pipeline/samples.ts";

/** Where laptop mode answers, and to whom. */
interface Place {
  readonly http: number;
  readonly grpc: number;
  readonly dataDir: string;
  /** Whether events are taken with a key alone. */
  readonly needsKey: boolean;
}

/** What to try first, once everything answers. */
export function welcome(pipelines: readonly AnyPipeline[], place: Place): string {
  const { dataDir, ...ports } = place;
  const base = `http://localhost:${ports.http}`;
  return `tweet-pipeline answers on ${base} (the page, in a browser) and, for gRPC, on localhost:${ports.grpc}; its data is in ${dataDir}

${pipelines.flatMap((pipeline) => samples(pipeline, base)).join("\n")}
  grpcurl -plaintext localhost:${ports.grpc} list
  bun run load    (or npm run load)
${ports.needsKey ? keyed : ""}
Ctrl-C ends it; what was accepted stays.
`;
}

const keyed = `
Events need a key: curl -H 'Authorization: Bearer …', API_KEY=… bun run load
`;
