import { spec } from "../../services/relay/config.ts";
import type { Brokers } from "./broker-env.ts";
import { anyone, type PolicyEdge } from "./network-policies.ts";
import type { Server, ValkeySource } from "./sources.ts";
import { doorsOf, hopsOf, lanesOf, type PlannedConsumer, type PlannedRelay } from "./stations.ts";

/** The parts of a pipeline that connect to each other. */
export interface PipelineParts {
  /** Its relays. */
  readonly relays: readonly PlannedRelay[];

  /** Its consumers. */
  readonly consumers: readonly PlannedConsumer[];

  /** The name of its board's workload. */
  readonly board: string;

  /** The brokers of its lanes. */
  readonly brokers: Brokers;

  /** Its stores: consumers write them, the board reads them. */
  readonly stores: readonly Server[];

  /** The one of them that keeps clients' keys, for the doors. */
  readonly valkey: ValkeySource;
}

/** Who of a pipeline connects to whom: hops, brokers, stores, and the board to what it reads. */
export function pipelineEdges(parts: PipelineParts): readonly PolicyEdge[] {
  const { relays, consumers, board, valkey, stores } = parts;
  const lanes = [...relays, ...consumers].flatMap(({ station }) => lanesOf(station));
  return [
    ...relays.flatMap((relay) => [
      ...hopEdges(relay, relays),
      ...brokerEdges(relay.workload, lanesOf(relay.station), parts.brokers),
      ...(relay.station.http === undefined ? [] : [edgeTo(relay.workload, valkey)]),
    ]),
    ...consumers.flatMap(({ workload, station }) => [
      ...brokerEdges(workload, lanesOf(station), parts.brokers),
      ...stores.map((store) => edgeTo(workload, store)),
    ]),
    ...brokerEdges(board, lanes, parts.brokers),
    ...stores.map((store) => edgeTo(board, store)),
    ...relays
      .filter(({ station }) => lanesOf(station).includes("rabbit"))
      .map(({ workload }) => ({
        from: { app: board },
        to: { app: workload },
        ports: [spec.ADMIN_PORT.fallback],
      })),
  ];
}

function hopEdges(relay: PlannedRelay, all: readonly PlannedRelay[]): readonly PolicyEdge[] {
  return hopsOf(relay.station).flatMap(({ station, via }) =>
    all
      .filter(({ name }) => name === station)
      .map((target) => ({
        from: { app: relay.workload },
        to: { app: target.workload },
        ports: doorsOf(target.station).flatMap(({ name, port }) => (name === via ? [port] : [])),
      })),
  );
}

function brokerEdges(
  app: string,
  lanes: readonly ("kafka" | "rabbit")[],
  brokers: Brokers,
): readonly PolicyEdge[] {
  return [...new Set(lanes)].flatMap((lane) => {
    const broker = brokers[lane];
    return broker === undefined ? [] : [edgeTo(app, broker)];
  });
}

function edgeTo(app: string, { peer = anyone, port, ports = [port] }: Server): PolicyEdge {
  return { from: { app }, to: peer, ports };
}
