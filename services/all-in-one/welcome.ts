import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { samples } from "../../lib/pipeline/samples.ts";

/** What to try first, once everything answers. */
export function welcome(
  pipelines: readonly AnyPipeline[],
  ports: { readonly http: number; readonly grpc: number },
  dataDir: string,
): string {
  const base = `http://localhost:${ports.http}`;
  return `tweet-pipeline answers on ${base} (the page, in a browser) and, for gRPC, on localhost:${ports.grpc}; its data is in ${dataDir}

${pipelines.flatMap((pipeline) => samples(pipeline, base)).join("\n")}
  grpcurl -plaintext localhost:${ports.grpc} list
  bun run load    (or npm run load)

Ctrl-C ends it; what was accepted stays.
`;
}
