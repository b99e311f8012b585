import { expect, test } from "bun:test";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { allFaults, synth } from "../testing/synth.ts";
import { RabbitMq, type RabbitMqProps } from "./rabbit-mq.ts";

function rabbitWith(props: RabbitMqProps = {}): {
  readonly manifests: readonly Manifest[];
  readonly rabbit: RabbitMq;
} {
  const made: RabbitMq[] = [];
  const manifests = synth((chart) => made.push(new RabbitMq(chart, "rabbitmq", props)));
  const [rabbit] = made;
  if (rabbit === undefined) throw new Error("Cannot find RabbitMQ: it was not made");
  return { manifests, rabbit };
}

const conf = (manifests: readonly Manifest[]) =>
  at(manifestOf(manifests, "ConfigMap", "rabbitmq"), "data") as Readonly<Record<string, string>>;

test("RabbitMQ fits Kubernetes' schema, with everything said and with nothing", () => {
  const said: Required<RabbitMqProps> = {
    name: "rabbitmq",
    partOf: "clima-app",
    image: "rabbitmq:4.1-management",
    imagePullPolicy: "Never",
    storageMiB: 512,
    storageClassName: "fast",
    resources: { memoryLimitMiB: 1_000 },
    clusterDomain: "example",
    nodes: 3,
    serviceName: "amqp",
    managementServiceName: "page",
    nodesServiceName: "amqp-nodes",
    user: "tweets",
    secretName: "broker",
  };
  expect(allFaults(rabbitWith().manifests)).toEqual([]);
  const { manifests, rabbit } = rabbitWith(said);
  expect(allFaults(manifests)).toEqual([]);
  expect(rabbit.url).toEqual({ secret: "broker", key: "url" });
  expect(rabbit.secret.derived).toEqual({
    url: "amqp://tweets:{{password}}@amqp:5672",
    "url-from-anywhere": "amqp://tweets:{{password}}@amqp.space.svc:5672",
  });
  expect(conf(manifests)["10-server.conf"]).toContain("vm_memory_high_watermark.absolute = 600MiB");
});

test("clients find it and its page where the reference has them", () => {
  const { manifests, rabbit } = rabbitWith();
  const ports = (name: string) =>
    (at(manifestOf(manifests, "Service", name), "spec.ports") as { port: number }[]).map(
      ({ port }) => port,
    );
  expect(ports("rabbitmq-service")).toEqual([5_672, 15_672]);
  expect(ports("rabbitmq-management")).toEqual([15_672]);
  expect(rabbit.secret).toEqual({
    name: "rabbitmq",
    random: ["password", "cookie"],
    derived: {
      url: "amqp://pipeline:{{password}}@rabbitmq-service:5672",
      "url-from-anywhere": "amqp://pipeline:{{password}}@rabbitmq-service.space.svc:5672",
    },
  });
});

test("user, password and cookie are none of the manifest", () => {
  const { manifests } = rabbitWith();
  const env = at(
    manifestOf(manifests, "StatefulSet", "rabbitmq"),
    "spec.template.spec.containers.0.env",
  ) as object[];
  for (const [name, key] of [
    ["RABBITMQ_DEFAULT_PASS", "password"],
    ["RABBITMQ_ERLANG_COOKIE", "cookie"],
  ]) {
    expect(env).toContainEqual({ name, valueFrom: { secretKeyRef: { name: "rabbitmq", key } } });
  }
});

test("one node knows no others, three know each other by name", () => {
  expect(Object.keys(conf(rabbitWith().manifests))).toEqual(["10-server.conf"]);
  expect(conf(rabbitWith({ nodes: 3 }).manifests)["20-cluster.conf"]).toBe(
    `cluster_formation.peer_discovery_backend = classic_config
cluster_formation.classic_config.nodes.1 = rabbit@rabbitmq-0.rabbitmq-nodes.space.svc.cluster.local
cluster_formation.classic_config.nodes.2 = rabbit@rabbitmq-1.rabbitmq-nodes.space.svc.cluster.local
cluster_formation.classic_config.nodes.3 = rabbit@rabbitmq-2.rabbitmq-nodes.space.svc.cluster.local
cluster_partition_handling = pause_minority
`,
  );
});

test("two nodes are refused, of which neither decides", () => {
  expect(() => rabbitWith({ nodes: 2 })).toThrow(
    "Cannot run rabbitmq: one node, or three of which two decide: current value of nodes is 2",
  );
});
