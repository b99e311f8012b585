import type { EnvOf } from "../../lib/config.ts";
import { stationsThat } from "../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { RelayStation } from "../../lib/pipeline/station.ts";
import { pipelines as all } from "../../pipelines/all.ts";
import type { spec as boardSpec } from "../../services/board/config.ts";
import type { spec as consumerSpec } from "../../services/consumer/config.ts";
import type { spec as relaySpec } from "../../services/relay/config.ts";
import type { ServerAddresses } from "./servers.ts";
import { type DoorPorts, processName, type ServicePorts } from "./service-ports.ts";

/** One process of ours. */
export interface ServicePlan {
  readonly name: string;
  /** Its script, from the root of the checkout. */
  readonly script: string;
  readonly ports: DoorPorts;
  readonly env: Readonly<Record<string, string>>;
}

/** The variables of each pipeline's board. */
export type BoardEnvs = Readonly<Record<string, Readonly<Record<string, string>>>>;

type RelayEnv = EnvOf<typeof relaySpec>;
type Addresses = Pick<
  EnvOf<typeof consumerSpec>,
  "KAFKA_BROKERS" | "RABBIT_URL" | "VALKEY_SERVICE_URL" | "MONGO_URL"
>;

const boardScript = "services/board/main.ts";

const local = (port: number) => `http://127.0.0.1:${port}`;

/** The processes of these pipelines, each with what its environment must hold; topics, queues and groups are the pipelines'. */
export function planServices(
  pipelines: readonly AnyPipeline[],
  servers: ServerAddresses,
  ports: ServicePorts,
): readonly ServicePlan[] {
  return pipelines.flatMap((pipeline) => {
    const addresses: Addresses = {
      KAFKA_BROKERS: servers.kafka.join(","),
      RABBIT_URL: servers.rabbit,
      // Each pipeline has a logical database: some keys are of one type here and of another there.
      VALKEY_SERVICE_URL: `${servers.valkey}/${all.indexOf(pipeline)}`,
      ...(pipeline.log && servers.mongo !== undefined && { MONGO_URL: servers.mongo }),
    };
    return [
      ...relayPlans(pipeline, addresses, ports),
      ...consumerPlans(pipeline, addresses, ports),
      boardPlan(pipeline, addresses, ports),
    ];
  });
}

/** The variables of the boards among these processes, by pipeline. */
export function boardEnvs(plans: readonly ServicePlan[]): BoardEnvs {
  const boards = plans.filter(({ script }) => script === boardScript);
  return Object.fromEntries(boards.map(({ env }) => [env.PIPELINE, env]));
}

function relayPlans(
  pipeline: AnyPipeline,
  { VALKEY_SERVICE_URL, MONGO_URL: _, ...brokers }: Addresses,
  ports: ServicePorts,
): readonly ServicePlan[] {
  return stationsThat([pipeline], "relay").flatMap(({ name, station }) =>
    (ports.stations.get(name) ?? []).map((own, replica): ServicePlan => {
      const env: RelayEnv = {
        STATION: name,
        ADMIN_PORT: `${own.admin}`,
        ...(own.http === undefined ? {} : { PORT: `${own.http}`, KEYS_URL: VALKEY_SERVICE_URL }),
        ...(own.grpc === undefined ? {} : { GRPC_PORT: `${own.grpc}` }),
        ...hopEnv(pipeline, station, ports),
        ...brokers,
      };
      return {
        name: processName(name, replica),
        script: "services/relay/main.ts",
        ports: own,
        env,
      };
    }),
  );
}

/** Where a relay's hops lead: to every replica of the next station. */
function hopEnv(
  pipeline: AnyPipeline,
  { next }: RelayStation,
  ports: ServicePorts,
): Partial<RelayEnv> {
  const hops = next.flatMap((stop) => (stop.via === "broker" ? [] : [stop]));
  return Object.fromEntries(
    hops.map(({ lane, station, via, address }) => {
      const path = via === "http" ? new URL(address).pathname : "";
      const doors = (ports.stations.get(`${pipeline.name}/${station}`) ?? []).map(
        (own) => own[via],
      );
      const variable = hops.length > 1 ? `${lane.toUpperCase()}_WRITER_ADDR` : "NEXT_URL";
      return [variable, doors.map((port) => `${local(port ?? 0)}${path}`).join(",")];
    }),
  );
}

function consumerPlans(
  pipeline: AnyPipeline,
  addresses: Addresses,
  ports: ServicePorts,
): readonly ServicePlan[] {
  return stationsThat([pipeline], "consumer").flatMap(({ name }) =>
    (ports.stations.get(name) ?? []).map((own, replica): ServicePlan => {
      const env: EnvOf<typeof consumerSpec> = {
        STATION: name,
        ADMIN_PORT: `${own.admin}`,
        ...addresses,
      };
      return {
        name: processName(name, replica),
        script: "services/consumer/main.ts",
        ports: own,
        env,
      };
    }),
  );
}

function boardPlan(pipeline: AnyPipeline, addresses: Addresses, ports: ServicePorts): ServicePlan {
  const own = ports.boards.get(pipeline.name) ?? { admin: 0 };
  const counting = stationsThat([pipeline], "relay")
    .filter(({ station }) =>
      station.next.some(({ via, lane }) => via === "broker" && lane === "rabbit"),
    )
    .flatMap(({ name }) => ports.stations.get(name) ?? []);
  const env: EnvOf<typeof boardSpec> = {
    PIPELINE: pipeline.name,
    PORT: `${own.http}`,
    ADMIN_PORT: `${own.admin}`,
    RELAY_ADMIN_URLS: counting.map(({ admin }) => local(admin)).join(","),
    ...addresses,
  };
  return {
    name: processName(`${pipeline.name}/board`, 0),
    script: boardScript,
    ports: own,
    env,
  };
}
