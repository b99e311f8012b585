import { Construct } from "constructs";
import type { SecretPlan } from "../../services/secrets/config.ts";
import type { PolicyEdge, PolicyPeer } from "./network-policies.ts";
import { placeOf } from "./secret-plan.ts";
import { scriptProbe } from "./server-pod.ts";
import type { SecretKey } from "./service-env.ts";
import { StatefulServer } from "./stateful-server.ts";
import {
  idsMaxOf,
  podMemoryOf,
  refuseEviction,
  refuseShortWindow,
  type ValkeyMemory,
} from "./valkey-memory.ts";
import type { ValkeyProps } from "./valkey-props.ts";
import { usersFile, valkeyUsers } from "./valkey-users.ts";

const clients = { name: "valkey", targetPort: 6_379 };
const filesPath = "/etc/valkey";

/** The first pod is the primary, for ever; the others follow it. */
const start = `case "$POD_NAME" in *-0) ;; *) set -- --replicaof "$PRIMARY" ${clients.targetPort} ;; esac
exec docker-entrypoint.sh valkey-server ${filesPath}/valkey.conf "$@"`;

/** The program ends with 0 whatever the answer is, so the answer is what counts. */
const ask = "valkey-cli --user probe";
const ready = `${ask} ping | grep -q PONG && { case "$POD_NAME" in *-0) ;; *) ${ask} info replication | grep -q master_link_status:up ;; esac; }`;
/** A server that reads its data from the disk, or runs a script, is well. */
const alive = `${ask} ping | grep -qE 'PONG|LOADING|BUSY|MASTERDOWN'`;

/**
 * Valkey as a StatefulSet of a primary and copies that follow it. What was confirmed is on the primary's disk
 * (`appendfsync always`). Nothing fails over: while the primary's pod is away, writers wait for it.
 */
export class Valkey extends Construct {
  /** The Secret that the pods wait for. */
  readonly secret: SecretPlan;

  /** How many ids the memory holds: what consumers take as `IDS_MAX`. */
  readonly idsMax: number;

  /** The pods' workload, which they carry as `app`. */
  readonly app: string;

  /** The port of its pods that clients connect to. */
  readonly port: number = clients.targetPort;

  constructor(scope: Construct, id: string, props: ValkeyProps = {}) {
    super(scope, id);
    const { name = id, replicas = 1, database = 0, clusterDomain = "cluster.local" } = props;
    const { serviceName = `${name}-service`, nodesServiceName = `${name}-nodes` } = props;
    const memory = memoryOf(props);
    refuseEviction(name, props.maxMemoryPolicy ?? "noeviction");
    refuseShortWindow(name, memory);
    refuseReplicas(name, replicas, props.minReplicasToWrite ?? 0);
    const users = { ...valkeyUsers, ...props.users };
    const secretName = props.secretName ?? name;
    this.app = name;
    this.idsMax = idsMaxOf(memory);
    this.secret = {
      name: secretName,
      random: Object.keys(users),
      derived: {
        "users.acl": usersFile(users, placeOf),
        "replica.conf": `primaryuser replica\nprimaryauth ${placeOf("replica")}\n`,
        ...Object.fromEntries(
          Object.keys(users).map((user) => [
            `${user}-url`,
            `redis://${user}:${placeOf(user)}@${serviceName}:${clients.targetPort}/${database}`,
          ]),
        ),
      },
    };
    const { readServiceName } = props;
    new StatefulServer(this, "server", {
      ...props,
      name,
      component: "store",
      defaultImage: "valkey/valkey:8.1.1",
      user: 999,
      replicas: 1 + replicas,
      nodesService: nodesServiceName,
      ports: [clients],
      fronts: [
        { name: serviceName, ports: [clients], pod: 0 },
        ...(readServiceName === undefined ? [] : [{ name: readServiceName, ports: [clients] }]),
      ],
      command: ["sh", "-c", start, "start"],
      env: {
        PRIMARY: `${name}-0.${nodesServiceName}.$(POD_NAMESPACE).svc.${clusterDomain}`,
        REDISCLI_AUTH: { secret: secretName, key: "probe" },
      },
      files: {
        mountPath: filesPath,
        texts: { "valkey.conf": valkeyConf(memory, props.minReplicasToWrite ?? 0) },
        secret: { name: secretName, keys: ["users.acl", "replica.conf"] },
      },
      dataPath: "/data",
      scratchPaths: [],
      probes: {
        readiness: { ...scriptProbe("sh", ready), periodSeconds: 5, timeoutSeconds: 3 },
        liveness: {
          ...scriptProbe("sh", alive),
          periodSeconds: 20,
          timeoutSeconds: 5,
          failureThreshold: 4,
        },
      },
      defaultResources: {
        cpuRequestMillis: 50,
        cpuLimitMillis: 1_000,
        ...podMemoryOf(memory.maxMemoryMiB),
      },
      terminationGraceS: 60,
      secret: this.secret,
    });
  }

  /** Its pods, for the policies of the network. */
  get peer(): PolicyPeer {
    return { app: this.app };
  }

  /** What its pods say to each other. */
  get edges(): readonly PolicyEdge[] {
    return [{ from: this.peer, to: this.peer, ports: [clients.targetPort] }];
  }

  /**
   * The address for a user of its own, with the password and the logical database.
   *
   * @throws Error for a user that it does not have.
   */
  urlOf(user: string): SecretKey {
    if (!this.secret.random.includes(user)) {
      throw new Error(
        `Cannot lead ${user} into ${this.app}: it is none of its users: current value of users is ${this.secret.random.join(", ")}`,
      );
    }
    return { secret: this.secret.name, key: `${user}-url` };
  }
}

function memoryOf(props: ValkeyProps): ValkeyMemory {
  return {
    maxMemoryMiB: props.maxMemoryMiB ?? 256,
    idsShare: props.idsShare ?? 0.5,
    eventsPerSecond: props.eventsPerSecond ?? 100,
    idWindowMs: props.idWindowMs ?? 3_600_000,
  };
}

function refuseReplicas(name: string, replicas: number, minReplicasToWrite: number): void {
  if (!Number.isInteger(replicas) || replicas < 0 || minReplicasToWrite > replicas) {
    throw new Error(
      `Cannot run ${name}: it could never take a write without ${minReplicasToWrite} copies: current value of replicas is ${replicas}`,
    );
  }
}

/** Replicas notice within 15 s, not a minute, that the primary's pod has another address now. */
function valkeyConf({ maxMemoryMiB }: ValkeyMemory, minReplicasToWrite: number): string {
  return `dir /data
appendonly yes
appendfsync always
save ""
maxmemory ${maxMemoryMiB}mb
maxmemory-policy noeviction
min-replicas-to-write ${minReplicasToWrite}
repl-diskless-sync-delay 0
repl-ping-replica-period 3
repl-timeout 15
protected-mode no
aclfile ${filesPath}/users.acl
include ${filesPath}/replica.conf
`;
}
