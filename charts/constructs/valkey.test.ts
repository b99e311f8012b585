import { describe, expect, test } from "bun:test";
import { spec } from "../../services/consumer/config.ts";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { allFaults, synth } from "../testing/synth.ts";
import { Valkey } from "./valkey.ts";
import { idsMaxOf, idWindowOf } from "./valkey-memory.ts";
import type { ValkeyProps } from "./valkey-props.ts";
import { usersFile } from "./valkey-users.ts";

function valkeyWith(props: ValkeyProps = {}): {
  readonly manifests: readonly Manifest[];
  readonly valkey: Valkey;
} {
  const made: Valkey[] = [];
  const manifests = synth((chart) => made.push(new Valkey(chart, "valkey", props)));
  const [valkey] = made;
  if (valkey === undefined) throw new Error("Cannot find Valkey: it was not made");
  return { manifests, valkey };
}

const confOf = (props?: ValkeyProps): string => {
  const data = at(manifestOf(valkeyWith(props).manifests, "ConfigMap", "valkey"), "data");
  return (data as Readonly<Record<string, string>>)["valkey.conf"] ?? "";
};
const selector = (manifests: readonly Manifest[], name: string) =>
  at(manifestOf(manifests, "Service", name), "spec.selector") as Readonly<Record<string, string>>;

test("Valkey fits Kubernetes' schema, with everything said and with nothing", () => {
  const said: Required<ValkeyProps> = {
    name: "redis-db",
    partOf: "votaciones",
    image: "valkey/valkey:8.1.1",
    imagePullPolicy: "Never",
    storageMiB: 512,
    storageClassName: "fast",
    resources: { memoryLimitMiB: 1_000 },
    clusterDomain: "example",
    replicas: 2,
    minReplicasToWrite: 1,
    wait: 2,
    sentinels: { downAfterMs: 10_000 },
    serviceName: "redis-svc",
    readServiceName: "redis-read",
    nodesServiceName: "redis-pods",
    maxMemoryMiB: 128,
    maxMemoryPolicy: "noeviction",
    idsShare: 0.25,
    idWindowMs: 60_000,
    eventsPerSecond: 10,
    users: { grafana: "resetchannels %R~* -@all +get" },
    database: 2,
    secretName: "store",
  };
  expect(allFaults(valkeyWith().manifests)).toEqual([]);
  const { manifests, valkey } = valkeyWith(said);
  expect(allFaults(manifests)).toEqual([]);
  expect(at(manifestOf(manifests, "StatefulSet", "redis-db"), "spec.replicas")).toBe(3);
  expect(valkey.urlOf("grafana")).toEqual({ secret: "store", key: "grafana-url" });
  expect(valkey.secret.derived["grafana-url"]).toBe(
    "redis+sentinel://grafana:{{grafana}}@redis-db-0.redis-pods:26379,redis-db-1.redis-pods:26379,redis-db-2.redis-pods:26379/redis-db/2",
  );
});

test("clients are led to the primary alone, readers to every pod", () => {
  const { manifests } = valkeyWith({ readServiceName: "valkey-read" });
  const pod = "statefulset.kubernetes.io/pod-name";
  expect(selector(manifests, "valkey-service")[pod]).toBe("valkey-0");
  expect(selector(manifests, "valkey-read")[pod]).toBeUndefined();
});

test("what was confirmed is on the disk, and nothing that was stored goes by itself", () => {
  const lines = confOf({ minReplicasToWrite: 1 }).split("\n");
  expect(lines).toContain("appendfsync always");
  expect(lines).toContain("maxmemory 256mb");
  expect(lines).toContain("maxmemory-policy noeviction");
  expect(lines).toContain("min-replicas-to-write 1");
});

test("a pod has room for a copy of the memory while it is written", () => {
  const { manifests } = valkeyWith({ maxMemoryMiB: 100 });
  expect(
    at(manifestOf(manifests, "StatefulSet", "valkey"), "spec.template.spec.containers.0.resources"),
  ).toEqual({
    requests: { cpu: "50m", memory: "132Mi", "ephemeral-storage": "64Mi" },
    limits: { cpu: "1000m", memory: "264Mi", "ephemeral-storage": "512Mi" },
  });
});

test("each user has a password and an address, and the file of users has them all", () => {
  const { secret } = valkeyWith().valkey;
  expect(secret.random).toEqual(["relay", "consumer", "board", "replica", "probe"]);
  expect(secret.derived["consumer-url"]).toBe(
    "redis://consumer:{{consumer}}@valkey-service:6379/0",
  );
  expect(secret.derived["replica.conf"]).toBe("primaryuser replica\nprimaryauth {{replica}}\n");
  const lines = secret.derived["users.acl"]?.trim().split("\n") ?? [];
  expect(lines[0]).toBe("user default off resetpass ~* &* +@all");
  expect(lines.slice(1).map((line) => line.split(" ").slice(0, 4).join(" "))).toEqual(
    secret.random.map((user) => `user ${user} on >{{${user}}}`),
  );
});

test("usersFile() gives nobody everything, and nobody the commands of an operator", () => {
  const file = usersFile({ one: "~a +get" }, (user) => `${user}!`);
  expect(file).toBe("user default off resetpass ~* &* +@all\nuser one on >one! ~a +get\n");
  const [, ...others] = (valkeyWith().valkey.secret.derived["users.acl"] ?? "").split("\n");
  expect(others.length).toBeGreaterThan(4);
  expect(others.join("\n")).not.toMatch(/\+@|allkeys|allcommands/);
});

test("IDS_MAX follows from the memory, 76 bytes an id", () => {
  expect(valkeyWith({ maxMemoryMiB: 76 }).valkey.idsMax).toBe(524_288);
  expect(idsMaxOf({ maxMemoryMiB: 76, idsShare: 1 })).toBe(1_048_576);
  expect(idWindowOf({ maxMemoryMiB: 76, idsShare: 1, eventsPerSecond: 1_000 })).toBe(1_048_576);
});

describe("Valkey with sentinels", () => {
  const { manifests, valkey } = valkeyWith({ sentinels: {} });
  const containers = at(
    manifestOf(manifests, "StatefulSet", "valkey"),
    "spec.template.spec.containers",
  ) as readonly Readonly<Record<string, unknown>>[];

  test("is three servers, each with a sentinel beside it; our services wait for one copy", () => {
    expect(at(manifestOf(manifests, "StatefulSet", "valkey"), "spec.replicas")).toBe(3);
    expect(containers.map(({ name }) => name)).toEqual(["server", "sentinel"]);
    expect(allFaults(manifests)).toEqual([]);
    expect(valkey.wait).toBe(1);
    expect(confOf({ sentinels: {} })).toContain("min-replicas-to-write 1\n");
  });

  test("shows its sentinels by the names of the pods, to its clients and to each other", () => {
    const ports = at(manifestOf(manifests, "Service", "valkey-nodes"), "spec.ports");
    expect(ports).toMatchObject([{ port: 6_379 }, { port: 26_379 }]);
    expect(valkey.ports).toEqual([6_379, 26_379]);
    expect(valkey.edges).toMatchObject([{ ports: [6_379, 26_379] }]);
    const url = valkey.secret.derived["consumer-url"] ?? "";
    expect(spec.VALKEY_SERVICE_URL.parse(url)).toMatchObject({
      primary: "valkey",
      username: "consumer",
    });
    expect(spec.VALKEY_SERVICE_URL.parse(url).hosts[2]).toEqual({
      host: "valkey-2.valkey-nodes",
      port: 26_379,
    });
  });

  test("leads the Service of other clients to every pod, since any may be the primary", () => {
    expect(selector(manifests, "valkey-service")).toEqual({
      ...{ app: "valkey", "app.kubernetes.io/name": "valkey" },
    });
  });

  test("starts nobody as primary who has not asked: the servers' names are in full everywhere", () => {
    const { env, command } = containers[0] as {
      readonly env: readonly { readonly name: string; readonly value?: string }[];
      readonly command: readonly string[];
    };
    const textOf = (called: string) => env.find(({ name }) => name === called)?.value;
    const host = "$(POD_NAME).valkey-nodes.$(POD_NAMESPACE).svc.cluster.local";
    expect(textOf("SELF_HOST")).toBe(host);
    expect(textOf("SERVERS")?.split(" ")[1]).toBe(
      "valkey-1.valkey-nodes.$(POD_NAMESPACE).svc.cluster.local:6379",
    );
    expect(command.slice(-2)).toEqual(["--replica-announce-ip", "$(SELF_HOST)"]);
  });

  test("has a file of users for the sentinels, with the passwords of the servers' users", () => {
    const { derived, random } = valkey.secret;
    expect(random).toContain("sentinel");
    const users = (key: string) =>
      [...(derived[key] ?? "").matchAll(/^user (\w+) on >\{\{(\w+)\}\}/gm)].map(
        ([, ...each]) => each,
      );
    expect(users("users.acl").length).toBe(6);
    expect(users("sentinel-users.acl").map(([user]) => user)).toEqual([
      ...["relay", "consumer", "board", "sentinel", "probe"],
    ]);
    for (const [user, password] of users("sentinel-users.acl")) expect(password).toBe(user);
    expect(derived["sentinel-logins.conf"]).toContain("sentinel auth-pass valkey {{sentinel}}\n");
    expect(derived["sentinel-users.acl"]).not.toMatch(/\+@all.*\n.*\+@|allchannels/);
  });
});

describe("Valkey is refused", () => {
  test("with a memory that buys a shorter window than asked", () => {
    const asked = { maxMemoryMiB: 76, eventsPerSecond: 1_000 };
    expect(() => valkeyWith({ ...asked, idWindowMs: 600_000 })).toThrow(
      "Cannot tell repeats for 600000 ms in valkey: at 1000 events a second, 76 bytes each, 0.5 of its memory buys 524288 ms: current value of maxMemoryMiB is 76",
    );
    expect(() => valkeyWith({ ...asked, idWindowMs: 524_288 })).not.toThrow();
  });

  test("with a policy that evicts what must stay", () => {
    expect(() => valkeyWith({ maxMemoryPolicy: "allkeys-lru" })).toThrow(
      'Cannot run valkey: counters and ids would be evicted, so that events are lost and repeats count again: current value of maxMemoryPolicy is "allkeys-lru", it must be "noeviction"',
    );
    expect(() => valkeyWith({ maxMemoryPolicy: "volatile-ttl" })).toThrow(
      "clients' keys would be evicted, so that their repeats count again",
    );
  });

  test("where it could never take a write", () => {
    expect(() => valkeyWith({ replicas: 1, minReplicasToWrite: 2 })).toThrow(
      "Cannot run valkey: it could never take a write without 2 copies: current value of replicas is 1",
    );
    expect(() => valkeyWith({ replicas: -1 })).toThrow("current value of replicas is -1");
  });

  test("that would acknowledge nothing, ever", () => {
    expect(() => valkeyWith({ replicas: 1, wait: 2 })).toThrow(
      "Cannot run valkey: nothing could ever be acknowledged, with 1 copies: current value of wait is 2",
    );
    expect(() => valkeyWith({ wait: -1 })).toThrow("current value of wait is -1");
  });

  test("under sentinels, where what was acknowledged could be lost, or nobody could decide", () => {
    const refused = (props: ValkeyProps) => expect(() => valkeyWith({ sentinels: {}, ...props }));
    refused({ replicas: 1 }).toThrow(
      "Cannot run valkey with sentinels: one stands beside each of three servers, of which any two decide and go on: current value of replicas is 1",
    );
    refused({ replicas: 4 }).toThrow("current value of replicas is 4");
    refused({ minReplicasToWrite: 0 }).toThrow("current value of minReplicasToWrite is 0");
    refused({ minReplicasToWrite: 2 }).toThrow("current value of minReplicasToWrite is 2");
    refused({ wait: 0 }).toThrow("current value of wait is 0");
    refused({ sentinels: { downAfterMs: 5_000 } }).toThrow(
      "which is known for 5 s: current value of downAfterMs is 5000, it must be 6000 at least",
    );
  });

  test("to a user that it does not have", () => {
    expect(() => valkeyWith().valkey.urlOf("grafana")).toThrow(
      "Cannot lead grafana into valkey: it is none of its users: current value of users is relay, consumer, board, replica, probe",
    );
  });
});
