import type { Service } from "cdk8s-plus-28";
import { Construct } from "constructs";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { boardName, boardServes, boardWorkload, pagePath } from "./board-workload.ts";
import { type Brokers, brokerEnv } from "./broker-env.ts";
import { BunService } from "./bun-service.ts";
import { consumerWorkload } from "./consumer-workload.ts";
import { Edge, type EdgeRoute } from "./edge.ts";
import { logEnv } from "./log-env.ts";
import { anyone } from "./network-policies.ts";
import { pipelineEdges } from "./pipeline-edges.ts";
import { relayWorkload } from "./relay-workload.ts";
import { plannedConsumers, plannedRelays } from "./stations.ts";
import { Surroundings } from "./surroundings.ts";
import type { TweetPipelineProps } from "./tweet-pipeline-props.ts";

/**
 * A pipeline on a cluster: every station of its file as a workload, the board, the way in, the Secrets' Job, and policies
 * that let nobody else connect in its namespace, which is to be its own.
 * Ports, paths, topics and groups are the pipeline's and addresses of hops follow from it; the props say what differs.
 *
 * Brokers and stores are not part of it: they, or their addresses, are given. The Service of a relay with a gRPC door is headless:
 * its clients look all pods up, spread over them and follow scaling.
 */
export class TweetPipeline<P extends AnyPipeline> extends Construct {
  constructor(scope: Construct, id: string, props: TweetPipelineProps<P>) {
    super(scope, id);
    const { pipeline, valkey, mongo, registry = "", board = {}, ingress, load } = props;
    const { partitions = 3 } = pipeline.broker;
    const brokers: Brokers = props;
    const shared = { partOf: pipeline.name, registry };
    const log = logEnv(pipeline, mongo);
    const page = ingress === undefined ? undefined : (ingress.page ?? pagePath);
    const stores = [valkey, ...(mongo === undefined ? [] : [mongo])];
    const relays = plannedRelays(props);
    const consumers = plannedConsumers(props);
    const open = relays.flatMap((relay) => {
      const addresses = {
        brokers: brokerEnv(relay.place, "relay", [relay.station], brokers),
        valkey,
      };
      const workload = relayWorkload(relay, relays, addresses);
      const { services } = new BunService(this, relay.workload, { ...workload, ...shared });
      const paths = relay.station.http?.routes.map((route) => route.path) ?? [];
      return openDoor(relay.workload, services[0], (path) =>
        paths.some((each) => each === path || each.startsWith(`${path.replace(/\/$/, "")}/`)),
      );
    });
    for (const consumer of consumers) {
      const workload = consumerWorkload(consumer, { brokers, valkey, log, partitions });
      new BunService(this, consumer.workload, { ...workload, ...shared });
    }
    const { services } = new BunService(this, boardName(board), {
      ...boardWorkload(pipeline, board, { brokers, valkey, log, relays, page }),
      ...shared,
    });
    const ways = [
      ...openDoor(boardName(board), services[0], (path) => boardServes(path, page)),
      ...open,
    ];
    const paths = page === undefined ? [] : [...(ingress?.paths ?? []), page];
    const routes = paths.map((path) => routeOf(pipeline, path, ways));
    if (ingress !== undefined) {
      new Edge(this, "edge", {
        name: ingress.name ?? `${pipeline.name}-ingress`,
        className: props.ingressClassName,
        host: props.host,
        labels: { "app.kubernetes.io/part-of": pipeline.name },
        routes: [...routes, ...(load === undefined ? [] : [load.route])],
      });
    }
    new Surroundings(this, "surroundings", {
      ...props,
      ...shared,
      servers: [props.kafka, props.rabbit, ...stores].filter((each) => each !== undefined),
      edges: [
        ...pipelineEdges({ relays, consumers, board: boardName(board), brokers, valkey, stores }),
        ...routes.map((way) => ({ from: anyone, ...doorOf(way) })),
      ],
      open: ways.map(doorOf),
    });
  }
}

/** Where a path of the Ingress leads, and to which pods. */
interface OpenRoute extends EdgeRoute {
  /** The workload behind the Service. */
  readonly app: string;

  /** The port of its pods. */
  readonly targetPort: number;
}

/** The pods of a way, as the far end of an edge of the network. */
function doorOf({ app, targetPort }: Pick<OpenRoute, "app" | "targetPort">) {
  return { to: { app }, ports: [targetPort] };
}

/** What a path may lead to. */
type Open = Omit<OpenRoute, "path"> & { readonly serves: (path: string) => boolean };

/** What of these Services speaks HTTP. */
function openDoor(
  app: string,
  service: Service | undefined,
  serves: Open["serves"],
): readonly Open[] {
  const http = service?.ports.find(({ name }) => name === "http");
  if (service === undefined || http === undefined) return [];
  return [{ app, service, port: http.port, targetPort: http.targetPort ?? http.port, serves }];
}

/** The way from a path: the first that serves it. */
function routeOf(pipeline: AnyPipeline, path: string, open: readonly Open[]): OpenRoute {
  const found = open.find(({ serves }) => serves(path));
  if (found === undefined) {
    throw new Error(
      `Cannot lead a path of the Ingress into ${pipeline.name}: no station serves it: current value is "${path}"`,
    );
  }
  return { path, ...found };
}
