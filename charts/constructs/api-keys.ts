import { isBehind } from "../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { spec } from "../../services/relay/config.ts";
import type { ClusterProps } from "../cluster-props.ts";
import type { BunServiceProps, SecretFiles } from "./bun-service-props.ts";
import type { LoadGeneratorProps } from "./load-generator-props.ts";
import type { SecretKey } from "./service-env.ts";
import type { PlannedRelay } from "./stations.ts";

/** The Secret that says who may send events; its user makes it. */
export interface ApiKeys {
  /** The Secret's name. */
  readonly secret: string;

  /**
   * The key within the Secret that holds the file of keys.
   * @default "keys"
   */
  readonly key?: string;

  /**
   * Events a second of a client for whom the file says nothing; 0 is no limit.
   * @default 0
   */
  readonly clientRate?: number;

  /**
   * The key with which load is made.
   * @default the key `key` of a Secret of the same name and `-load`
   */
  readonly load?: SecretKey;
}

/** Where pods find the file, in a folder of its own. */
const folder = "/etc/tweet-pipeline/api-keys";

/** What a relay needs to ask clients for keys. */
export function keysOfDoor({ secret, key = "keys", clientRate }: ApiKeys): {
  readonly env: Partial<BunServiceProps<typeof spec>["env"]>;
  files: SecretFiles;
} {
  return {
    env: {
      API_KEYS_FILE: `${folder}/${key}`,
      ...(clientRate === undefined ? {} : { CLIENT_RATE: `${clientRate}` }),
    },
    files: { secret, folder, keys: [key] },
  };
}

/** Who of a pipeline's relays asks clients for keys, where they need any: first doors alone. */
export interface KeyedDoors {
  /** What a relay asks for; undefined where it asks for nothing. */
  readonly keysOf: (relay: PlannedRelay) => ApiKeys | undefined;

  /** Whether a workload asks for nothing although clients need keys. */
  readonly isAround: (app: string) => boolean;

  /** Refuses a path of the Ingress to such a workload. */
  readonly refusePath: (app: string, path: string) => void;
}

/**
 * Finds them.
 *
 * @throws Error for a load balancer that leads clients to a relay that would not ask.
 */
export function keyedDoors(
  pipeline: AnyPipeline,
  relays: readonly PlannedRelay[],
  apiKeys: ApiKeys | undefined,
): KeyedDoors {
  const behind = relays.filter(({ station }) => isBehind(pipeline, station));
  const around = new Map(
    apiKeys === undefined ? [] : behind.map((relay) => [relay.workload, relay] as const),
  );
  const why = "clients are asked for keys at first doors alone, and another station hands on to it";
  for (const { place, plan } of around.values()) {
    if (!plan.loadBalancer) continue;
    throw new Error(
      `Cannot lead a load balancer to ${place}: ${why}: current value of loadBalancer is true`,
    );
  }
  return {
    keysOf: ({ workload }) => (around.has(workload) ? undefined : apiKeys),
    isAround: (app) => around.has(app),
    refusePath: (app, path) => {
      const place = around.get(app)?.place;
      if (place === undefined) return;
      throw new Error(
        `Cannot lead a path of the Ingress to ${place}: ${why}: current value is "${path}"`,
      );
    },
  };
}

/** What a load generator needs where clients are asked for keys. */
export function loadKey({
  apiKeys,
}: Pick<ClusterProps, "apiKeys">): Pick<LoadGeneratorProps, "apiKey"> {
  if (apiKeys === undefined) return {};
  return { apiKey: apiKeys.load ?? { secret: `${apiKeys.secret}-load`, key: "key" } };
}
