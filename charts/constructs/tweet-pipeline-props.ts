import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { Station } from "../../lib/pipeline/station.ts";
import type { spec as boardSpec } from "../../services/board/config.ts";
import type { spec as consumerSpec } from "../../services/consumer/config.ts";
import type { spec as relaySpec } from "../../services/relay/config.ts";
import type { ClusterProps } from "../cluster-props.ts";
import type { Brokers } from "./broker-env.ts";
import type { Scale } from "./bun-service-props.ts";
import type { LagScale } from "./lag-scale.ts";
import type { LoadGenerator } from "./load-generator.ts";
import type { ServiceEnv, ServiceSpec } from "./service-env.ts";
import type { MongoSource, ValkeySource } from "./sources.ts";

/** The names of a pipeline's stations that play `Plays`. */
type StationName<P extends AnyPipeline, Plays extends Station["plays"]> = {
  [N in keyof P["stations"]]: P["stations"][N] extends { readonly plays: Plays } ? N : never;
}[keyof P["stations"]];

/** What follows from the pipeline and from where its parts are, so that no plan says it again. */
type Derived =
  | "STATION"
  | "API_KEYS_FILE"
  | "CLIENT_RATE"
  | "HOP_CERT_FILE"
  | "HOP_KEY_FILE"
  | "HOP_CA_FILE"
  | "PIPELINE"
  | "PORT"
  | "GRPC_PORT"
  | "ADMIN_PORT"
  | "NEXT_URL"
  | "KAFKA_WRITER_ADDR"
  | "RABBIT_WRITER_ADDR"
  | "KEYS_URL"
  | "KAFKA_BROKERS"
  | "KAFKA_USERNAME"
  | "KAFKA_PASSWORD"
  | "KAFKA_SASL_MECHANISM"
  | "KAFKA_TOPIC"
  | "RABBIT_URL"
  | "RABBIT_QUEUE"
  | "VALKEY_SERVICE_URL"
  | "VALKEY_WAIT"
  | "REDIS_PASSWORD"
  | "REDIS_DB"
  | "MONGO_URL"
  | "BASE_PATH"
  | "RELAY_ADMIN_URLS";

/** The variables of a service that a plan may set. */
type FreeEnv<S extends ServiceSpec> = Omit<ServiceEnv<S>, Derived>;

/** How a relay runs. */
export interface RelayPlan extends Scale {
  /**
   * The workload's name; its Service has the same and `-service`.
   * @default the station's name
   */
  readonly name?: string;

  /**
   * The name of its Service.
   * @default the workload's name and `-service`
   */
  readonly serviceName?: string;

  /**
   * The Service's port for the HTTP door.
   * @default the door's own
   */
  readonly httpServicePort?: number;

  /**
   * A route of the station that answers a GET with a fixed text, for probes to ask.
   * @default `/ready` and `/live` on the admin port
   */
  readonly probePath?: string;

  /**
   * Whether a load balancer outside of the cluster leads to its Service.
   * @default false
   */
  readonly loadBalancer?: boolean;

  /**
   * More of its environment.
   * @default the service's own defaults
   */
  readonly env?: FreeEnv<typeof relaySpec>;
}

/** How a consumer runs. */
export interface ConsumerPlan extends Scale {
  /**
   * By which numbers it scales, where consumers scale by what waits for them.
   * @default those of its autoscaler by CPU, and the defaults
   */
  readonly lag?: LagScale;

  /**
   * The workload's name.
   * @default the station's name
   */
  readonly name?: string;

  /**
   * More of its environment.
   * @default the service's own defaults
   */
  readonly env?: FreeEnv<typeof consumerSpec>;
}

/** How the board runs. */
export interface BoardPlan extends Scale {
  /**
   * The workload's name; its Service has the same and `-service`.
   * @default `board`
   */
  readonly name?: string;

  /**
   * More of its environment.
   * @default the service's own defaults
   */
  readonly env?: FreeEnv<typeof boardSpec>;
}

/** The way in for HTTP. */
interface IngressPlan {
  /** The paths: each a route of a station (of the first one that serves it), or the board's `/api` or one below it. */
  readonly paths: readonly string[];

  /**
   * The stations whose gRPC doors a Gateway leads to; an Ingress has no such routes.
   * @default none
   */
  readonly grpc?: readonly string[];

  /**
   * The path of the live page, which leads to all that the board serves.
   * @default "/board"
   */
  readonly page?: string;

  /**
   * The Ingress's name, or that of the Gateway in its place.
   * @default the pipeline's name and `-ingress` or `-gateway`
   */
  readonly name?: string;
}

/** What a `TweetPipeline` is made of. */
export interface TweetPipelineProps<P extends AnyPipeline> extends Brokers, ClusterProps {
  /** The pipeline: its stations are what is deployed. */
  readonly pipeline: P;

  /** Its Valkey. */
  readonly valkey: ValkeySource;

  /**
   * The MongoDB of its log.
   * @default none: a pipeline with a log is refused
   */
  readonly mongo?: MongoSource;

  /**
   * How relays run, by station.
   * @default one pod each, named after the station
   */
  readonly relays?: { readonly [N in StationName<P, "relay">]?: RelayPlan };

  /**
   * How consumers run, by station.
   * @default one pod each, named after the station
   */
  readonly consumers?: { readonly [N in StationName<P, "consumer">]?: ConsumerPlan };

  /**
   * How the board runs.
   * @default one pod
   */
  readonly board?: BoardPlan;

  /**
   * The way in for HTTP.
   * @default none
   */
  readonly ingress?: IngressPlan;

  /**
   * What makes load on it, whose page the Ingress shows.
   * @default nothing
   */
  readonly load?: LoadGenerator;
}
