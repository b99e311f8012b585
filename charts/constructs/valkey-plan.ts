import type { SecretPlan } from "../../services/secrets/config.ts";
import { placeOf } from "./secret-plan.ts";
import {
  type SentinelProps,
  sentinelHosts,
  sentinelSecrets,
  type WatchedPlan,
} from "./sentinel-plan.ts";
import type { ValkeyMemory } from "./valkey-memory.ts";
import type { ValkeyProps } from "./valkey-props.ts";
import { sentinelUser, usersFile, valkeyUsers } from "./valkey-users.ts";

/** The port of a server. */
export const serverPort = 6_379;

/** Where the files are. */
export const filesPath = "/etc/valkey";

/** What follows from the props and their defaults. */
export interface ValkeyPlan extends WatchedPlan {
  /** What it is to remember. */
  readonly memory: ValkeyMemory;
  /** The Service of its clients. */
  readonly serviceName: string;
  /** The logical database that addresses lead to. */
  readonly database: number;
  /** How sentinels watch it, where there are any. */
  readonly sentinels: SentinelProps | undefined;
}

/**
 * What a Valkey is to be.
 *
 * @throws Error for one that could never take a write, or acknowledge it.
 */
export function valkeyPlan(id: string, props: ValkeyProps): ValkeyPlan {
  const { name = id, sentinels } = props;
  const [copies, asked] = sentinels === undefined ? [1, 0] : [2, 1];
  const plan = {
    name,
    nodesService: props.nodesServiceName ?? `${name}-nodes`,
    serviceName: props.serviceName ?? `${name}-service`,
    clusterDomain: props.clusterDomain ?? "cluster.local",
    secretName: props.secretName ?? name,
    database: props.database ?? 0,
    replicas: props.replicas ?? copies,
    minReplicasToWrite: props.minReplicasToWrite ?? asked,
    wait: props.wait ?? asked,
    ...{ filesPath, serverPort, sentinels },
    memory: {
      maxMemoryMiB: props.maxMemoryMiB ?? 256,
      idsShare: props.idsShare ?? 0.5,
      eventsPerSecond: props.eventsPerSecond ?? 100,
      idWindowMs: props.idWindowMs ?? 3_600_000,
    },
  };
  refuseReplicas(plan);
  return plan;
}

/** Its passwords, and what holds them: the files of users, the addresses. */
export function valkeySecret(plan: ValkeyPlan, props: ValkeyProps): SecretPlan {
  const { name, sentinels, database } = plan;
  const users = { ...valkeyUsers, ...props.users, ...(sentinels && sentinelUser) };
  const [scheme, place] =
    sentinels === undefined
      ? ["redis", `${plan.serviceName}:${serverPort}`]
      : ["redis+sentinel", `${sentinelHosts(name, plan.nodesService)}/${name}`];
  return {
    name: plan.secretName,
    random: Object.keys(users),
    derived: {
      "users.acl": usersFile(users, placeOf),
      "replica.conf": `primaryuser replica\nprimaryauth ${placeOf("replica")}\n`,
      ...(sentinels && sentinelSecrets(name, { ...valkeyUsers, ...props.users })),
      ...Object.fromEntries(
        Object.keys(users).map((user) => [
          `${user}-url`,
          `${scheme}://${user}:${placeOf(user)}@${place}/${database}`,
        ]),
      ),
    },
  };
}

function refuseReplicas({ name, replicas, minReplicasToWrite, wait }: ValkeyPlan): void {
  if (!Number.isInteger(replicas) || replicas < 0 || minReplicasToWrite > replicas) {
    throw new Error(
      `Cannot run ${name}: it could never take a write without ${minReplicasToWrite} copies: current value of replicas is ${replicas}`,
    );
  }
  if (!Number.isInteger(wait) || wait < 0 || wait > replicas) {
    throw new Error(
      `Cannot run ${name}: nothing could ever be acknowledged, with ${replicas} copies: current value of wait is ${wait}`,
    );
  }
}
