import type { Service } from "cdk8s-plus-28";
import { Construct } from "constructs";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { boardName, boardServes, boardWorkload, pagePath } from "./board-workload.ts";
import { type Brokers, brokerEnv } from "./broker-env.ts";
import { BunService } from "./bun-service.ts";
import { closedDoors } from "./closed-doors.ts";
import { lagEdges, scaledConsumers } from "./consumer-lag.ts";
import { consumerWorkload } from "./consumer-workload.ts";
import type { EdgeRoute } from "./edge.ts";
import { grpcWays } from "./grpc-ways.ts";
import { HopCertificate } from "./hop-certificate.ts";
import { secretOf } from "./hop-tls.ts";
import { LagScaler } from "./lag-scaler.ts";
import { logEnv } from "./log-env.ts";
import { anyone } from "./network-policies.ts";
import { pipelineEdges } from "./pipeline-edges.ts";
import { frontOf, relayWorkload } from "./relay-workload.ts";
import { type PlannedRelay, plannedRelays } from "./stations.ts";
import { Surroundings } from "./surroundings.ts";
import type { TweetPipelineProps } from "./tweet-pipeline-props.ts";
import { WayIn } from "./way-in.ts";

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
    const { consumers, lagging } = scaledConsumers(props);
    const doors = closedDoors(props, relays);
    addHopCertificate(this, props, relays);
    const open = relays.flatMap((relay) => {
      const addresses = {
        brokers: brokerEnv(relay.place, "relay", [relay.station], brokers),
        valkey,
        apiKeys: doors.keysOf(relay),
        hopTls: props.hopTls,
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
    for (const { consumer, ...scaling } of lagging) {
      const target = consumer.workload;
      new LagScaler(this, `${target}-lag`, { target, ...scaling, ...shared });
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
    for (const { app, path } of routes) doors.refusePath(app, path);
    const grpc = grpcWays(props, relays, doors);
    if (ingress !== undefined) {
      new WayIn(this, "edge", {
        ...props,
        pipeline: pipeline.name,
        name: ingress.name,
        routes: [...routes, ...(load === undefined ? [] : [load.route])],
        grpc: grpc.map(({ route }) => route),
      });
    }
    new Surroundings(this, "surroundings", {
      ...props,
      ...shared,
      servers: [props.kafka, props.rabbit, ...stores].filter((each) => each !== undefined),
      edges: [
        ...pipelineEdges({ relays, consumers, board: boardName(board), brokers, valkey, stores }),
        ...routes.map((way) => ({ from: anyone, ...doorOf(way) })),
        ...grpc.map(({ edge }) => edge),
        ...lagEdges(lagging, brokers),
      ],
      open: ways.filter(({ app }) => !doors.isAround(app)).map(doorOf),
    });
  }
}

/** Where cert-manager is to make the certificate of the hops, what asks it to. */
function addHopCertificate(
  scope: Construct,
  { pipeline, hopTls }: Pick<TweetPipelineProps<AnyPipeline>, "pipeline" | "hopTls">,
  relays: readonly PlannedRelay[],
): void {
  if (hopTls?.issuer === undefined) return;
  new HopCertificate(scope, "hop-certificate", {
    secret: secretOf(hopTls),
    issuer: hopTls.issuer,
    services: relays.map((relay) => frontOf(relay).name),
    partOf: pipeline.name,
  });
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
