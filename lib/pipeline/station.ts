import type { DescMethodUnary } from "@bufbuild/protobuf";

/** An answer in the words that clients of the reference expect. */
export interface Reply {
  readonly status: number;
  readonly json?: Readonly<Record<string, string>>;
  readonly text?: string;
}

/** The `title` (and, downstream, the status) of problems, where a reference has its own words. */
export interface ProblemWords {
  /** For a body that is no JSON (400). */
  readonly notJson?: string;
  /** For a wrong method (405). */
  readonly wrongMethod?: string;
  /** For a next hop or broker that did not confirm (503 where no other status is given). */
  readonly downstream?: { readonly status: 502 | 503; readonly title: string };
}

/** A route that takes an event as JSON in a POST. */
export interface EventRoute {
  readonly kind: "event";
  readonly path: string;
  readonly reply: Reply;
  readonly words?: ProblemWords;
}

/** A route that answers a GET with a fixed text: references use such as probes. */
export interface TextRoute {
  readonly kind: "text";
  readonly path: string;
  readonly text: string;
}

/** The RPC that takes an event. */
export interface RpcDoor {
  readonly method: DescMethodUnary;
  /** The fields of the answer. */
  readonly reply: Readonly<Record<string, string>>;
  /** Put before the message of a failure downstream, such as `writer error`. */
  readonly errorPrefix?: string;
}

/** The broker lanes that a pipeline may have. */
export type Lane = "kafka" | "rabbit";

/** Another station that a relay hands events on to. */
interface Hop {
  /** What its outcome is called in replies; `kafka` and `rabbit` are what policies choose among. */
  readonly lane: string;
  /** The name of the station in the same pipeline. */
  readonly station: string;
  /** Where it is when nothing else is said. */
  readonly address: string;
}

/** A hop by gRPC: a call of the next station's method. */
export interface GrpcHop extends Hop {
  readonly via: "grpc";
  readonly method: DescMethodUnary;
}

/** A hop by HTTP: JSON in a POST to a URL, the next station's path included. */
export interface HttpHop extends Hop {
  readonly via: "http";
}

/** A broker that a relay publishes to. */
export interface BrokerStop {
  readonly lane: Lane;
  readonly via: "broker";
}

/** Where a relay hands events on. Several are asked at the same time, each a lane; the policy says which are required. */
export type NextStop = GrpcHop | HttpHop | BrokerStop;

/** A place that a relay can take. */
export interface RelayStation {
  readonly plays: "relay";
  readonly http?: { readonly port: number; readonly routes: readonly (EventRoute | TextRoute)[] };
  readonly grpc?: { readonly port: number; readonly rpcs: readonly RpcDoor[] };
  readonly next: readonly NextStop[];
  /** How long a request may take, in milliseconds. */
  readonly deadlineMs: number;
}

/** A place that a consumer can take: one lane into the pipeline's stores. */
export interface ConsumerStation {
  readonly plays: "consumer";
  readonly lane: Lane;
  /** The Kafka consumer group. */
  readonly group: string;
  /** The lane's name in the lines of `LOG_EVENTS=1`, such as `Kafka`. */
  readonly label: string;
}

export type Station = RelayStation | ConsumerStation;

/** Which lanes must have stored an event before a success reply; `random` picks one for each event. */
export const policies = ["both", "kafka", "rabbit", "random"] as const;

/** One of `policies`. */
export type Policy = (typeof policies)[number];
