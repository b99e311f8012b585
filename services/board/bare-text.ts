import { stationsThat } from "../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";

/** What the first station that has a text at `/` answers there; undefined where none has. */
export function bareText(pipelines: readonly AnyPipeline[]): string | undefined {
  const routes = stationsThat(pipelines, "relay").flatMap(
    ({ station }) => station.http?.routes ?? [],
  );
  const root = routes.find(({ kind, path }) => kind === "text" && path === "/");
  return root?.kind === "text" ? root.text : undefined;
}
