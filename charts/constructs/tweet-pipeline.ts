import { Chart } from "cdk8s";
import { Namespace, type Service } from "cdk8s-plus-28";
import { Construct } from "constructs";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { boardName, boardServes, boardWorkload } from "./board-workload.ts";
import { brokerEnv } from "./broker-env.ts";
import { BunService } from "./bun-service.ts";
import { consumerWorkload } from "./consumer-workload.ts";
import { Edge, type EdgeRoute } from "./edge.ts";
import { patchNamespace } from "./patches.ts";
import { relayWorkload } from "./relay-workload.ts";
import { type PlannedRelay, plannedConsumers, plannedRelays } from "./stations.ts";
import type { TweetPipelineProps } from "./tweet-pipeline-props.ts";

/**
 * A pipeline on a cluster: every station of its file as a workload in the chart's namespace, the board, and the way in.
 * Ports, paths, topics and groups are the pipeline's and addresses of hops follow from it; the props say what differs.
 *
 * Brokers and stores are not part of it: their addresses are given. The Service of a relay with a gRPC door is headless:
 * its clients look all pods up, spread over them and follow scaling.
 */
export class TweetPipeline<P extends AnyPipeline> extends Construct {
  constructor(scope: Construct, id: string, props: TweetPipelineProps<P>) {
    super(scope, id);
    const { pipeline, brokers, valkey, registry = "", board = {}, ingress } = props;
    const { partitions = 3 } = pipeline.broker;
    const shared = { partOf: pipeline.name, registry };
    const relays = plannedRelays(props);
    addNamespace(this);
    const doors = relays.map((relay): readonly [PlannedRelay, Service | undefined] => {
      const addresses = { brokers: brokerEnv(relay.place, [relay.station], brokers), valkey };
      const workload = relayWorkload(relay, relays, addresses);
      const { services } = new BunService(this, relay.workload, { ...workload, ...shared });
      return [relay, services[0]];
    });
    for (const consumer of plannedConsumers(props)) {
      const workload = consumerWorkload(consumer, { brokers, valkey, partitions });
      new BunService(this, consumer.workload, { ...workload, ...shared });
    }
    const { services } = new BunService(this, boardName(board), {
      ...boardWorkload(pipeline, board, { brokers, valkey, relays }),
      ...shared,
    });
    if (ingress === undefined) return;
    const { paths, ...edge } = ingress;
    new Edge(this, "edge", {
      name: `${pipeline.name}-ingress`,
      ...edge,
      labels: { "app.kubernetes.io/part-of": pipeline.name },
      routes: paths.map((path) => routeOf(pipeline, path, doors, services[0])),
    });
  }
}

/** The chart's namespace, in which every pod must pass Pod Security "restricted". */
function addNamespace(scope: Construct): void {
  const { namespace } = Chart.of(scope);
  if (namespace === undefined) return;
  const labels = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
  };
  patchNamespace(new Namespace(scope, "namespace", { metadata: { name: namespace, labels } }));
}

/** The Service that a path leads to. */
function routeOf(
  pipeline: AnyPipeline,
  path: string,
  doors: readonly (readonly [PlannedRelay, Service | undefined])[],
  board: Service | undefined,
): EdgeRoute {
  const [, relay] =
    doors.find(([{ station }]) => station.http?.routes.some((route) => route.path === path)) ?? [];
  const service = boardServes(path) ? board : relay;
  const http = service?.ports.find(({ name }) => name === "http");
  if (service === undefined || http === undefined) {
    throw new Error(
      `Cannot lead a path of the Ingress into ${pipeline.name}: no station serves it: current value is "${path}"`,
    );
  }
  return { path, service, port: http.port };
}
