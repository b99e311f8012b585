import { spec } from "../../services/relay/config.ts";
import { type ApiKeys, keysOfDoor } from "./api-keys.ts";
import type { BrokerEnv } from "./broker-env.ts";
import type { BunServiceProps, ProbePath } from "./bun-service-props.ts";
import type { FrontProps } from "./front.ts";
import { filesOfHops, type HopTls } from "./hop-tls.ts";
import { refusePinnedClients } from "./refusals.ts";
import { type ValkeySource, waitEnv } from "./sources.ts";
import { doorsOf, hopsOf, lanesOf, type PlannedRelay } from "./stations.ts";

type HopOf = ReturnType<typeof hopsOf>[number];

/** The addresses of hops, in the environment. */
type HopEnv = Partial<Record<"NEXT_URL" | "KAFKA_WRITER_ADDR" | "RABBIT_WRITER_ADDR", string>>;

/** Where what a relay uses is. */
export interface RelayAddresses {
  /** The brokers of its lanes. */
  readonly brokers: BrokerEnv;

  /** The Valkey that keeps clients' keys. */
  readonly valkey: ValkeySource;

  /**
   * The keys that its clients must have.
   * @default it asks for none
   */
  readonly apiKeys?: ApiKeys | undefined;

  /**
   * The mutual TLS of its hops.
   * @default they go in clear text
   */
  readonly hopTls?: HopTls | undefined;
}

/**
 * The service that plays a relay's station, `all` being the relays that it may hand on to.
 *
 * @throws Error for clients that would be pinned, a probe that the station does not answer, or a next hop that is none.
 */
export function relayWorkload(
  relay: PlannedRelay,
  all: readonly PlannedRelay[],
  { brokers, valkey, apiKeys, hopTls }: RelayAddresses,
): BunServiceProps<typeof spec> {
  const { station, place, plan } = relay;
  if (station.grpc !== undefined) refusePinnedClients(place, plan);
  const keys = apiKeys && keysOfDoor(apiKeys);
  const tls = hopTls && filesOfHops(hopTls);
  const secretFiles = [keys, tls].flatMap((each) => (each === undefined ? [] : [each.files]));
  return {
    ...plan,
    service: "relay",
    spec,
    env: {
      STATION: place,
      ...hopEnv(relay, all, tls === undefined ? "http" : "https"),
      ...brokers,
      // A client's key is claimed by the first door, and the doors that clients come to first speak HTTP.
      ...(station.http === undefined
        ? {}
        : { KEYS_URL: valkey.urlOf("relay"), ...waitEnv(valkey) }),
      ...keys?.env,
      ...tls?.env,
      ...plan.env,
    },
    ...(secretFiles.length === 0 ? {} : { secretFiles }),
    fronts: [frontOf(relay), ...(countsUrl(relay) === undefined ? [] : [adminFront(relay)])],
    ...(plan.probePath === undefined ? {} : { probe: probeOf(relay, plan.probePath) }),
  };
}

/**
 * Where a relay's own counts are asked for, for the ledger; undefined for one that does not publish to RabbitMQ, since
 * what was published elsewhere is known from offsets.
 */
export function countsUrl(relay: PlannedRelay): string | undefined {
  if (!lanesOf(relay.station).includes("rabbit")) return undefined;
  return `http://${adminFront(relay).name}:${spec.ADMIN_PORT.fallback}`;
}

/** The Service before the doors of a relay. */
export function frontOf({ workload, station, plan }: PlannedRelay): FrontProps {
  return {
    name: plan.serviceName ?? `${workload}-service`,
    ...(station.grpc === undefined ? {} : { resolves: "ready-pods" as const }),
    loadBalancer: plan.loadBalancer ?? false,
    ports: doorsOf(station).map(({ name, port }) => ({
      name,
      targetPort: port,
      port: name === "http" ? (plan.httpServicePort ?? port) : port,
    })),
  };
}

/** Every pod has counts of its own, ready or not, so the name stands for all of them. */
function adminFront({ workload }: PlannedRelay): FrontProps {
  return {
    name: `${workload}-admin`,
    ports: [{ name: "admin", targetPort: spec.ADMIN_PORT.fallback }],
    resolves: "every-pod",
  };
}

function probeOf({ place, station: { http } }: PlannedRelay, path: string): ProbePath {
  const texts = (http?.routes ?? []).flatMap((each) => (each.kind === "text" ? [each.path] : []));
  if (http === undefined || !texts.includes(path)) {
    throw new Error(
      `Cannot probe ${place}: its routes that answer a GET are [${texts.join(", ")}]: current value is "${path}"`,
    );
  }
  return { path, port: http.port };
}

/** Where a relay's hops lead: to the Services of the stations that they name. */
function hopEnv(
  relay: PlannedRelay,
  all: readonly PlannedRelay[],
  scheme: "http" | "https",
): HopEnv {
  const hops = hopsOf(relay.station);
  return Object.fromEntries(
    hops.map((hop) => [
      hops.length > 1 ? writerVariable(relay, hop.lane) : "NEXT_URL",
      `${scheme}://${hopPlace(relay, hop, all)}`,
    ]),
  );
}

function writerVariable({ place }: PlannedRelay, lane: string): keyof HopEnv {
  if (lane === "kafka") return "KAFKA_WRITER_ADDR";
  if (lane === "rabbit") return "RABBIT_WRITER_ADDR";
  throw new Error(
    `Cannot deploy ${place}: of several hops each needs an address of its own, which there is for the lanes kafka and rabbit: current value is "${lane}"`,
  );
}

/** The Service, port and path that a hop leads to. */
function hopPlace(relay: PlannedRelay, hop: HopOf, all: readonly PlannedRelay[]): string {
  const target = all.find(({ name }) => name === hop.station);
  const front = target && frontOf(target);
  const door = front?.ports.find(({ name }) => name === hop.via);
  if (front === undefined || door === undefined) {
    throw new Error(
      `Cannot deploy ${relay.place}: no station of its pipeline has that name and a ${hop.via} door: current value is "${hop.station}"`,
    );
  }
  const path = hop.via === "http" ? new URL(hop.address).pathname : "";
  return `${front.name}:${door.port ?? door.targetPort}${path}`;
}
