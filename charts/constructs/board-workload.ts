import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { spec } from "../../services/board/config.ts";
import { type Brokers, brokerEnv } from "./broker-env.ts";
import type { BunServiceProps } from "./bun-service-props.ts";
import type { LogEnv } from "./log-env.ts";
import { countsUrl } from "./relay-workload.ts";
import type { ValkeySource } from "./sources.ts";
import type { PlannedRelay } from "./stations.ts";
import type { BoardPlan } from "./tweet-pipeline-props.ts";

/** Where what a board reads is. */
export interface BoardAddresses {
  /** The brokers of the pipeline's lanes. */
  readonly brokers: Brokers;

  /** The pipeline's Valkey. */
  readonly valkey: ValkeySource;

  /** Where the pipeline's log is. */
  readonly log: LogEnv;

  /** The relays, some of which have counts for the ledger. */
  readonly relays: readonly PlannedRelay[];

  /** The path below which the Ingress leads to it; undefined where there is no Ingress. */
  readonly page: string | undefined;
}

/** Where the page is, below the Ingress. */
export const pagePath = "/board";

/** Whether the board answers under a path of the Ingress; its page is at `page`. */
export function boardServes(path: string, page: string | undefined): boolean {
  return path === page || path === "/api" || path.startsWith("/api/");
}

/** The name of a board's workload. */
export function boardName({ name }: BoardPlan): string {
  return name ?? "board";
}

/** The service that shows a pipeline. */
export function boardWorkload(
  pipeline: AnyPipeline,
  plan: BoardPlan,
  { brokers, valkey, log, relays, page }: BoardAddresses,
): BunServiceProps<typeof spec> {
  const counts = relays.map(countsUrl).filter((url) => url !== undefined);
  return {
    ...plan,
    service: "board",
    spec,
    env: {
      PIPELINE: pipeline.name,
      VALKEY_SERVICE_URL: valkey.urlOf("board"),
      ...log,
      ...(page === undefined || page === "/" ? {} : { BASE_PATH: page }),
      ...brokerEnv(`${pipeline.name}/board`, "board", Object.values(pipeline.stations), brokers),
      ...(counts.length === 0 ? {} : { RELAY_ADMIN_URLS: counts.join(",") }),
      ...plan.env,
    },
    fronts: [
      {
        name: `${boardName(plan)}-service`,
        ports: [{ name: "http", targetPort: spec.PORT.fallback }],
      },
    ],
  };
}
