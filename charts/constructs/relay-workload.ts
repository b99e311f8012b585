import { spec } from "../../services/relay/config.ts";
import type { BrokerEnv } from "./broker-env.ts";
import type { BunServiceProps, ProbePath } from "./bun-service-props.ts";
import type { FrontProps } from "./front.ts";
import { podsMax, refusePinnedClients } from "./refusals.ts";
import type { SecretKey } from "./service-env.ts";
import { doorsOf, hopsOf, lanesOf, type PlannedRelay } from "./stations.ts";

/** Where what a relay uses is. */
export interface RelayAddresses {
  /** The brokers of its lanes. */
  readonly brokers: BrokerEnv;

  /** The Valkey that keeps clients' keys. */
  readonly valkey: string | SecretKey;
}

/**
 * The service that plays a relay's station, `all` being the relays that it may hand on to.
 *
 * @throws Error for clients that would be pinned, a probe that the station does not answer, or a next hop that is none.
 */
export function relayWorkload(
  relay: PlannedRelay,
  all: readonly PlannedRelay[],
  { brokers, valkey }: RelayAddresses,
): BunServiceProps<typeof spec> {
  const { station, place, plan } = relay;
  if (station.grpc !== undefined) refusePinnedClients(place, podsMax(plan));
  const next = nextUrl(relay, all);
  return {
    ...plan,
    service: "relay",
    spec,
    env: {
      STATION: place,
      ...(next === undefined ? {} : { NEXT_URL: next }),
      ...brokers,
      // A client's key is claimed by the first door, and the doors that clients come to first speak HTTP.
      ...(station.http === undefined ? {} : { KEYS_URL: valkey }),
      ...plan.env,
    },
    fronts: [doorsFront(relay), ...(countsUrl(relay) === undefined ? [] : [adminFront(relay)])],
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

function doorsFront({ workload, station, plan }: PlannedRelay): FrontProps {
  return {
    name: `${workload}-service`,
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
    everyPod: true,
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

/** The Service of the station that has the next stop's door: the one of its kind on the port of its address. */
function nextUrl(relay: PlannedRelay, all: readonly PlannedRelay[]): string | undefined {
  const [hop, ...others] = hopsOf(relay.station);
  if (hop === undefined) return undefined;
  if (others.length > 0) {
    throw new Error(
      `Cannot deploy ${relay.place}: NEXT_URL holds one next hop: current value is ${others.length + 1} hops`,
    );
  }
  const wanted = Number(new URL(hop.address).port);
  for (const { name, ports } of all.map(doorsFront)) {
    const door = ports.find((port) => port.name === hop.via && port.targetPort === wanted);
    if (door !== undefined) return `http://${name}:${door.port ?? door.targetPort}`;
  }
  throw new Error(
    `Cannot deploy ${relay.place}: no station of its pipeline has a ${hop.via} door on that port: current value is "${hop.address}"`,
  );
}
