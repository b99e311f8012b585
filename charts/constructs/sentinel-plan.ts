import { placeOf } from "./secret-plan.ts";
import { startSentinel, startServer } from "./sentinel-scripts.ts";
import {
  downAfterMinMs,
  refuseSentinels,
  sentinelConf,
  sentinelLogins,
  watchedServers,
} from "./sentinel-settings.ts";
import { type ServerEnv, scriptProbe } from "./server-pod.ts";
import type { Sidecar } from "./stateful-server-props.ts";
import { sentinelUsers, usersFile, type ValkeyRules } from "./valkey-users.ts";

/** How sentinels watch a Valkey. */
export interface SentinelProps {
  /**
   * How long a server must be silent before another takes its place, in milliseconds.
   * @default 6,000, the least
   */
  readonly downAfterMs?: number;
}

/** What of a Valkey its sentinels follow from. */
export interface WatchedPlan {
  /** The workload, which is the name that clients ask for. */
  readonly name: string;
  /** The headless Service of its pods. */
  readonly nodesService: string;
  /** The domain of the cluster's names. */
  readonly clusterDomain: string;
  /** Where the files are. */
  readonly filesPath: string;
  /** The port of a server. */
  readonly serverPort: number;
  /** How many copies there are. */
  readonly replicas: number;
  /** How many copies must be there for the primary to take writes. */
  readonly minReplicasToWrite: number;
  /** How many copies must have a change before it is acknowledged. */
  readonly wait: number;
  /** The Secret of the passwords. */
  readonly secretName: string;
}

/** The port of a sentinel. */
export const sentinelPort = 26_379;

const failoverTimeoutMs = 15_000;
const port = { name: "sentinel", targetPort: sentinelPort };
const ask = `valkey-cli -p ${sentinelPort} --user probe`;
const answers = scriptProbe("sh", `${ask} ping | grep -q PONG`);
/** A rollout takes no other pod while this one knows of no majority. */
const sees = ({ name }: WatchedPlan) =>
  scriptProbe("sh", `${ask} sentinel ckquorum ${name} | grep -q ^OK`);

/**
 * What sentinels add to a Valkey: one beside each of three servers, so that whoever has the majority has a server that may
 * be chosen, and its volume for what it learns.
 *
 * @throws Error for what could lose what was acknowledged.
 */
export function sentinelPlan(plan: WatchedPlan, { downAfterMs = downAfterMinMs }: SentinelProps) {
  const { name, filesPath } = plan;
  refuseSentinels(name, { ...plan, downAfterMs });
  const settings = {
    ...{ name, port: sentinelPort, downAfterMs, failoverTimeoutMs },
    aclFile: `${filesPath}/sentinel-users.acl`,
  };
  return {
    command: [
      ...["sh", "-c", startServer, "start", "docker-entrypoint.sh", "valkey-server"],
      ...[`${filesPath}/valkey.conf`, "--replica-announce-ip", "$(SELF_HOST)"],
    ],
    env: { ...selfEnv(plan), ...questionEnv(plan) },
    texts: { "sentinel.conf": sentinelConf(settings) },
    sidecar: sidecarOf(plan),
  };
}

/** What the Secret holds for sentinels, and by which key. */
export function sentinelSecrets(
  name: string,
  users: Readonly<Record<string, ValkeyRules>>,
): Readonly<Record<string, string>> {
  const clients = Object.keys(users).filter((user) => !inside.has(user));
  return {
    "sentinel-users.acl": usersFile(sentinelUsers(clients), placeOf),
    "sentinel-logins.conf": sentinelLogins(name, "sentinel", placeOf("sentinel")),
  };
}

/** Users that servers and sentinels are to each other. */
const inside = new Set(["replica", "probe", "sentinel"]);

/** Where clients find out who the primary is, as an address has it; names of pods as those of the namespace find them. */
export function sentinelHosts(name: string, nodesService: string): string {
  return numbers()
    .map((at) => `${name}-${at}.${nodesService}:${sentinelPort}`)
    .join(",");
}

const numbers = () => Array.from({ length: watchedServers }, (_, at) => at);

/** The pod's own name in the cluster, and the server's. */
function selfEnv({ nodesService, clusterDomain, serverPort }: WatchedPlan): ServerEnv {
  return {
    SELF_HOST: `$(POD_NAME).${nodesService}.$(POD_NAMESPACE).svc.${clusterDomain}`,
    SELF: `$(SELF_HOST):${serverPort}`,
  };
}

function hostsOf({ name, nodesService, clusterDomain }: WatchedPlan): readonly string[] {
  return numbers().map(
    (at) => `${name}-${at}.${nodesService}.$(POD_NAMESPACE).svc.${clusterDomain}`,
  );
}

function questionEnv(plan: WatchedPlan): ServerEnv {
  const all = (at: number) =>
    hostsOf(plan)
      .map((host) => `${host}:${at}`)
      .join(" ");
  return {
    NAME: plan.name,
    SERVERS: all(plan.serverPort),
    SENTINELS: all(sentinelPort),
    DATA: "/data",
    ASK: "--user probe",
  };
}

function sidecarOf(plan: WatchedPlan): Sidecar {
  const [first = ""] = hostsOf(plan);
  return {
    name: "sentinel",
    command: ["sh", "-c", startSentinel],
    env: {
      ...selfEnv(plan),
      NAME: plan.name,
      FIRST: `${first} ${plan.serverPort}`,
      STATE: "/data/sentinel",
      FILES: plan.filesPath,
      REDISCLI_AUTH: { secret: plan.secretName, key: "probe" },
    },
    ports: [port],
    probes: {
      startup: { ...answers, periodSeconds: 3, timeoutSeconds: 3, failureThreshold: 50 },
      readiness: { ...sees(plan), periodSeconds: 5, timeoutSeconds: 3 },
      liveness: { ...answers, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 4 },
    },
    resources: {
      cpuRequestMillis: 10,
      cpuLimitMillis: 200,
      memoryRequestMiB: 16,
      memoryLimitMiB: 64,
    },
  };
}
