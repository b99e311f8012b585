import { expect, test } from "bun:test";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { allFaults, synth } from "../testing/synth.ts";
import { RabbitMq } from "./rabbit-mq.ts";
import { RabbitMqByOperator, type RabbitMqByOperatorProps } from "./rabbitmq-operator.ts";

function rabbitWith(props: Partial<RabbitMqByOperatorProps> = {}) {
  const made: RabbitMqByOperator[] = [];
  const manifests = synth((chart) =>
    made.push(new RabbitMqByOperator(chart, "rabbitmq", { partOf: "clima-app", ...props })),
  );
  const [rabbit] = made;
  if (rabbit === undefined) throw new Error("Cannot find RabbitMQ: it was not made");
  return { manifests, rabbit };
}

const spec = (manifests: readonly Manifest[], name = "rabbitmq") =>
  at(manifestOf(manifests, "RabbitmqCluster", name), "spec");

test("three nodes have the user of the chart's Secret, which holds what the operator asks for", () => {
  const { manifests, rabbit } = rabbitWith();
  expect(spec(manifests)).toMatchObject({
    replicas: 3,
    image: "rabbitmq:4.0.5-management",
    secretBackend: { externalSecret: { name: "rabbitmq" } },
    persistence: { storage: "1024Mi" },
    rabbitmq: { additionalConfig: "disk_free_limit.absolute = 64MB\n" },
  });
  expect(rabbit.secret).toEqual({
    name: "rabbitmq",
    random: ["password"],
    derived: {
      url: "amqp://pipeline:{{password}}@rabbitmq-service:5672",
      "url-from-anywhere": "amqp://pipeline:{{password}}@rabbitmq-service.space.svc:5672",
      username: "pipeline",
      "default_user.conf": "default_user = pipeline\ndefault_pass = {{password}}\n",
    },
  });
});

test("its users find it as they find a RabbitMq", () => {
  const { manifests, rabbit } = rabbitWith();
  const addresses: object[] = [];
  const others = synth((chart) => {
    const { url, urlFromAnywhere } = new RabbitMq(chart, "rabbitmq");
    addresses.push({ url, urlFromAnywhere });
  });
  for (const name of ["rabbitmq-service", "rabbitmq-management"]) {
    expect(at(manifestOf(manifests, "Service", name), "spec.ports")).toEqual(
      at(manifestOf(others, "Service", name), "spec.ports"),
    );
    expect(at(manifestOf(manifests, "Service", name), "spec.selector")).toEqual({
      "app.kubernetes.io/component": "rabbitmq",
      "app.kubernetes.io/name": "rabbitmq",
    });
  }
  const { url, urlFromAnywhere } = rabbit;
  expect(addresses).toEqual([{ url, urlFromAnywhere }]);
  expect(allFaults(manifests.filter(({ kind }) => kind === "Service"))).toEqual([]);
});

test("its pods reach each other and the API server, by which they find each other", () => {
  const { rabbit } = rabbitWith();
  expect(rabbit.edges.map(({ to, ports }) => [to, ports.length])).toEqual([
    [rabbit.peer, 13],
    [{ cidr: "0.0.0.0/0" }, 2],
  ]);
});

test("the operator's pods pass Pod Security restricted", () => {
  const pod = at(spec(rabbitWith().manifests), "override.statefulSet.spec.template.spec");
  expect(at(pod, "securityContext")).toEqual({
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  });
  for (const path of ["containers.0", "initContainers.0"]) {
    expect(at(pod, `${path}.securityContext`)).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
  }
});

test("everything said is so, and a number of nodes that decides nothing is refused", () => {
  const said: Required<RabbitMqByOperatorProps> = {
    name: "broker",
    partOf: "clima-app",
    nodes: 1,
    serviceName: "amqp",
    managementServiceName: "page",
    user: "tweets",
    image: "rabbitmq:4.1-management",
    storageMiB: 512,
    storageClassName: "fast",
  };
  const { manifests, rabbit } = rabbitWith(said);
  expect(spec(manifests, "broker")).toMatchObject({
    replicas: 1,
    image: "rabbitmq:4.1-management",
    persistence: { storage: "512Mi", storageClassName: "fast" },
  });
  expect(rabbit.secret.derived.url).toBe("amqp://tweets:{{password}}@amqp:5672");
  expect(() => rabbitWith({ nodes: 2 })).toThrow("current value of nodes is 2");
  expect(() => rabbitWith({ image: "rabbitmq:latest" })).toThrow("must name a version");
});
