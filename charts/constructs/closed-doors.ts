import { isBehind } from "../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { type KeyedDoors, keyedDoors } from "./api-keys.ts";
import type { LoadGenerator } from "./load-generator.ts";
import { frontOf } from "./relay-workload.ts";
import type { PlannedRelay } from "./stations.ts";
import type { TweetPipelineProps } from "./tweet-pipeline-props.ts";

const why =
  "other stations hand on to it by mutual TLS, and it takes nothing from who has no certificate of theirs";

/**
 * The doors that clients may not come to: those that would not ask for keys, where clients need some, and with mutual TLS all that
 * are behind another station.
 *
 * @throws Error for a load balancer, a probe or a load generator that is to come to such a door.
 */
export function closedDoors<P extends AnyPipeline>(
  {
    pipeline,
    apiKeys,
    hopTls,
    load,
  }: Pick<TweetPipelineProps<P>, "pipeline" | "apiKeys" | "hopTls" | "load">,
  relays: readonly PlannedRelay[],
): KeyedDoors {
  const keyed = keyedDoors(pipeline, relays, apiKeys);
  if (hopTls === undefined) return keyed;
  const behind = relays.filter(({ station }) => isBehind(pipeline, station));
  for (const relay of behind) refuseStrangers(relay, load);
  const closed = new Map(behind.map((relay) => [relay.workload, relay] as const));
  return {
    keysOf: keyed.keysOf,
    isAround: (app) => keyed.isAround(app) || closed.has(app),
    refusePath: (app, path) => {
      keyed.refusePath(app, path);
      const place = closed.get(app)?.place;
      if (place === undefined) return;
      throw new Error(
        `Cannot lead a path of the Ingress to ${place}: ${why}: current value is "${path}"`,
      );
    },
  };
}

/** Refuses who has no certificate: load balancers, the kubelet, load generators. */
function refuseStrangers(relay: PlannedRelay, load: LoadGenerator | undefined): void {
  const { place, plan } = relay;
  if (plan.loadBalancer) {
    throw new Error(
      `Cannot lead a load balancer to ${place}: ${why}: current value of loadBalancer is true`,
    );
  }
  if (plan.probePath !== undefined) {
    throw new Error(
      `Cannot probe ${place} at its HTTP door: ${why}: current value of probePath is "${plan.probePath}"`,
    );
  }
  // The first label of the host: a name may go on with the namespace.
  const [host] = load === undefined ? [] : new URL(load.target).hostname.split(".");
  if (host === frontOf(relay).name) {
    throw new Error(`Cannot make load on ${place}: ${why}: current value is "${load?.target}"`);
  }
}
