import { Construct } from "constructs";
import type { SecretPlan } from "../../services/secrets/config.ts";
import type { PolicyEdge, PolicyPeer } from "./network-policies.ts";
import { sentinelPlan, sentinelPort } from "./sentinel-plan.ts";
import { type ServerProbes, scriptProbe } from "./server-pod.ts";
import type { SecretKey } from "./service-env.ts";
import { StatefulServer } from "./stateful-server.ts";
import { idsMaxOf, podMemoryOf, refuseEviction, refuseShortWindow } from "./valkey-memory.ts";
import { filesPath, serverPort, type ValkeyPlan, valkeyPlan, valkeySecret } from "./valkey-plan.ts";
import type { ValkeyProps } from "./valkey-props.ts";

const clients = { name: "valkey", targetPort: serverPort };

/** The first pod is the primary, for ever; the others follow it. */
const start = `case "$POD_NAME" in *-0) ;; *) set -- --replicaof "$PRIMARY" ${serverPort} ;; esac
exec docker-entrypoint.sh valkey-server ${filesPath}/valkey.conf "$@"`;

/** The program ends with 0 whatever the answer is, so the answer is what counts. */
const ask = "valkey-cli --user probe";
const ready = `${ask} ping | grep -q PONG && { case "$POD_NAME" in *-0) ;; *) ${ask} info replication | grep -q master_link_status:up ;; esac; }`;
/** A server that reads its data from the disk, or runs a script, is well. */
const alive = `${ask} ping | grep -qE 'PONG|LOADING|BUSY|MASTERDOWN'`;

/** The same where any pod may be the primary. */
const readyUnderSentinels = `${ask} ping | grep -q PONG && ${ask} info replication | grep -qE 'role:master|master_link_status:up'`;

/**
 * Valkey as a StatefulSet of a primary and copies that follow it. What was confirmed is on the primary's disk
 * (`appendfsync always`). With sentinels another takes the place of a primary that is silent; without, nothing fails over:
 * while the primary's pod is away, writers wait for it.
 */
export class Valkey extends Construct {
  /** The Secret that the pods wait for. */
  readonly secret: SecretPlan;

  /** How many ids the memory holds: what consumers take as `IDS_MAX`. */
  readonly idsMax: number;

  /** How many copies must have a change before it is acknowledged: what our services take as `VALKEY_WAIT`. */
  readonly wait: number;

  /** The pods' workload, which they carry as `app`. */
  readonly app: string;

  /** The port of its pods that clients connect to. */
  readonly port: number = serverPort;

  /** The same, and that of the sentinels, where there are any. */
  readonly ports: readonly number[];

  constructor(scope: Construct, id: string, props: ValkeyProps = {}) {
    super(scope, id);
    const plan = valkeyPlan(id, props);
    const { name, memory, sentinels } = plan;
    refuseEviction(name, props.maxMemoryPolicy ?? "noeviction");
    refuseShortWindow(name, memory);
    const watched = sentinels && sentinelPlan(plan, sentinels);
    this.app = name;
    this.wait = plan.wait;
    this.ports = [serverPort, ...(watched === undefined ? [] : [sentinelPort])];
    this.idsMax = idsMaxOf(memory);
    this.secret = valkeySecret(plan, props);
    new StatefulServer(this, "server", {
      ...props,
      name,
      component: "store",
      defaultImage: "valkey/valkey:8.1.1",
      user: 999,
      replicas: 1 + plan.replicas,
      nodesService: plan.nodesService,
      ports: [clients],
      fronts: frontsOf(plan, props),
      command: watched?.command ?? ["sh", "-c", start, "start"],
      env: {
        ...(watched?.env ?? {
          PRIMARY: `${name}-0.${plan.nodesService}.$(POD_NAMESPACE).svc.${plan.clusterDomain}`,
        }),
        REDISCLI_AUTH: { secret: plan.secretName, key: "probe" },
      },
      files: {
        mountPath: filesPath,
        texts: { "valkey.conf": valkeyConf(plan), ...watched?.texts },
        secret: { name: plan.secretName, keys: fileKeys(this.secret) },
      },
      sidecar: watched?.sidecar,
      dataPath: "/data",
      scratchPaths: [],
      probes: probesOf(watched !== undefined),
      defaultResources: {
        cpuRequestMillis: 50,
        cpuLimitMillis: 1_000,
        ...podMemoryOf(memory.maxMemoryMiB),
      },
      terminationGraceS: 60,
      // The others wait until a server that came back has caught up, and its sentinel knows the others.
      minReadyS: watched === undefined ? 0 : 10,
      secret: this.secret,
    });
  }

  /** Its pods, for the policies of the network. */
  get peer(): PolicyPeer {
    return { app: this.app };
  }

  /** What its pods say to each other. */
  get edges(): readonly PolicyEdge[] {
    return [{ from: this.peer, to: this.peer, ports: this.ports }];
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

/** The keys that servers and sentinels read as files. */
function fileKeys({ derived }: SecretPlan): readonly string[] {
  return Object.keys(derived).filter((key) => !key.endsWith("-url"));
}

function frontsOf({ serviceName, sentinels }: ValkeyPlan, { readServiceName }: ValkeyProps) {
  const primary = sentinels === undefined ? { pod: 0 } : {};
  return [
    { name: serviceName, ports: [clients], ...primary },
    ...(readServiceName === undefined ? [] : [{ name: readServiceName, ports: [clients] }]),
  ];
}

function probesOf(underSentinels: boolean): ServerProbes {
  const liveness = { ...scriptProbe("sh", alive), periodSeconds: 20, timeoutSeconds: 5 };
  return {
    // Until sentinels say what it is there is no server to ask.
    ...(underSentinels ? { startup: { ...liveness, periodSeconds: 3, failureThreshold: 50 } } : {}),
    readiness: {
      ...scriptProbe("sh", underSentinels ? readyUnderSentinels : ready),
      periodSeconds: 5,
      timeoutSeconds: 3,
    },
    liveness: { ...liveness, failureThreshold: 4 },
  };
}

/** Replicas notice within 15 s, not a minute, that the primary's pod has another address now. */
function valkeyConf({ memory, minReplicasToWrite }: ValkeyPlan): string {
  return `dir /data
appendonly yes
appendfsync always
save ""
maxmemory ${memory.maxMemoryMiB}mb
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
