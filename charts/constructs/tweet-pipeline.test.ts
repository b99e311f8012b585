import { describe, expect, test } from "bun:test";
import { App, Chart } from "cdk8s";
import type { AnyPipeline, Pipeline } from "../../lib/pipeline/pipeline.ts";
import type { RelayStation } from "../../lib/pipeline/station.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { proyecto3 } from "../../pipelines/proyecto3.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { schemaFaults } from "../testing/schema-faults.ts";
import { kafkaAt, mongoAt, rabbitAt, valkeyAt } from "./sources.ts";
import { TweetPipeline } from "./tweet-pipeline.ts";
import type { TweetPipelineProps } from "./tweet-pipeline-props.ts";

type ClimaProps = TweetPipelineProps<typeof climaApp>;

const base = {
  pipeline: climaApp,
  kafka: kafkaAt("kafka:9092"),
  rabbit: rabbitAt({ secret: "rabbitmq", key: "url" }),
  valkey: valkeyAt("redis://valkey:6379"),
};

function synth<P extends AnyPipeline>(props: TweetPipelineProps<P>): readonly Manifest[] {
  const chart = new Chart(new App(), "chart", { disableResourceNameHashes: true });
  new TweetPipeline(chart, "pipeline", props);
  return chart.toJson();
}

const clima = (props: Partial<ClimaProps>) => synth({ ...base, ...props });

test("TweetPipeline names what no plan names after the stations, in whose terms hops find each other", () => {
  const manifests = clima({});
  const names = manifests.filter(({ kind }) => kind === "Deployment");
  expect(names.map(({ metadata }) => metadata.name)).toEqual([
    ...Object.keys(climaApp.stations),
    "board",
  ]);
  const api = manifestOf(manifests, "Deployment", "api");
  expect(at(api, "spec.template.spec.containers.0.env.1")).toEqual({
    name: "NEXT_URL",
    value: "http://proxy-service:50052",
  });
  expect(manifests.map(({ kind }) => kind)).not.toContain("Ingress");
});

test("TweetPipeline with every prop set fits the schema", () => {
  const resources = { cpuRequestMillis: 50, cpuLimitMillis: 100 };
  const props: Required<Omit<ClimaProps, "load">> = {
    ...base,
    valkey: valkeyAt({ secret: "valkey", key: "url" }),
    mongo: mongoAt({ secret: "mongo", key: "url" }),
    registry: "registry.example",
    relays: {
      api: {
        name: "door",
        httpServicePort: 80,
        probePath: "/",
        loadBalancer: true,
        env: { ID_WINDOW_MS: "60000" },
        autoscale: { min: 2, max: 5, cpuPercent: 60 },
        resources,
      },
      writer: { replicas: 1, env: { WRITER_TARGET: "random" } },
    },
    consumers: {
      "kafka-consumer": { name: "reader", replicas: 3, env: { LOG_EVENTS: "1" }, resources },
      "rabbit-consumer": { autoscale: { max: 9, cpuPercent: 60 } },
    },
    board: { name: "table", replicas: 2, env: {}, resources },
    ingress: {
      paths: ["/clima", "/api/clima-app"],
      name: "edge",
      page: "/table",
    },
    ingressClassName: "traefik",
    host: "clima.example",
    secrets: "bootstrap",
    secretStore: { name: "vault" },
    scaling: "cpu",
    wayIn: "ingress",
    gatewayClassName: "traefik",
    gatewayTlsSecret: "certificate",
    gatewayGrpcHost: "grpc.clima.example",
    apiKeys: {
      ...{ secret: "api-keys", key: "keys", clientRate: 50 },
      load: { secret: "api-keys-load", key: "key" },
    },
    hopTls: { secret: "hops" },
  };
  const manifests = synth(props);
  expect(manifests.flatMap(schemaFaults)).toEqual([]);
  expect(at(manifestOf(manifests, "Ingress", "edge"), "spec")).toMatchObject({
    ingressClassName: "traefik",
    rules: [
      {
        host: "clima.example",
        http: {
          paths: [
            { path: "/api/clima-app", backend: { service: { name: "table-service" } } },
            { path: "/clima", backend: { service: { name: "door-service" } } },
            { path: "/table", backend: { service: { name: "table-service" } } },
          ],
        },
      },
    ],
  });
  const reader = at(manifestOf(manifests, "Deployment", "reader"), "spec");
  expect(at(reader, "replicas")).toBe(3);
  expect(at(reader, "template.spec.containers.0.env")).toContainEqual({
    name: "LOG_EVENTS",
    value: "1",
  });
});

describe("TweetPipeline does not compile with", () => {
  test("a station that the pipeline does not have, nor does it synthesize", () => {
    // @ts-expect-error: the station is called writer.
    expect(() => clima({ relays: { wirter: { name: "server-go" } } })).toThrow(
      'Cannot deploy clima-app: its relay stations are [api, proxy, writer]: current value is "wirter"',
    );
  });

  test("a consumer's plan for a relay", () => {
    // @ts-expect-error: api is a relay.
    expect(() => clima({ consumers: { api: {} } })).toThrow(
      'Cannot deploy clima-app: its consumer stations are [kafka-consumer, rabbit-consumer]: current value is "api"',
    );
  });

  test("a misspelt variable", () => {
    // @ts-expect-error: it is WRITER_TARGET.
    clima({ relays: { writer: { env: { WRITER_TRAGET: "kafka" } } } });
  });

  test("a variable that follows from the pipeline, such as a port", () => {
    // @ts-expect-error: the station has its port.
    clima({ relays: { api: { env: { PORT: "8080" } } } });
  });

  test("RabbitMQ's address in the clear", () => {
    const url = "amqp://guest:guest@rabbitmq:5672";
    // @ts-expect-error: it holds a password.
    const rabbit = rabbitAt(url);
    expect(() => clima({ rabbit })).toThrow("RABBIT_URL has a password in the clear");
  });
});

test("TweetPipeline leads each lane of a station to its writer, and an HTTP hop to its path", () => {
  const manifests = synth({ ...base, pipeline: proyecto3 });
  const env = (name: string) =>
    at(manifestOf(manifests, "Deployment", name), "spec.template.spec.containers.0.env");
  expect(env("api")).toContainEqual({
    name: "NEXT_URL",
    value: "http://dispatcher-service:8080/tweet",
  });
  for (const [lane, port] of [
    ["kafka", 50_051],
    ["rabbit", 50_052],
  ] as const) {
    expect(env("dispatcher")).toContainEqual({
      name: `${lane.toUpperCase()}_WRITER_ADDR`,
      value: `http://${lane}-writer-service:${port}`,
    });
  }
});

test("TweetPipeline gives a gRPC door a name that stands for each of its pods", () => {
  const manifests = clima({ relays: { writer: { replicas: 2 } } });
  const service = (name: string) => at(manifestOf(manifests, "Service", name), "spec.clusterIP");
  expect(service("writer-service")).toBe("None");
  expect(service("api-service")).toBeUndefined();
});

describe("TweetPipeline refuses", () => {
  test("more Kafka consumers than partitions, fixed or autoscaled", () => {
    const sentence =
      "Cannot run clima-app/kafka-consumer in 4 pods: each partition feeds one consumer, so the others stay idle: current value is 3 partitions";
    expect(() => clima({ consumers: { "kafka-consumer": { replicas: 4 } } })).toThrow(sentence);
    const autoscale = { max: 4, cpuPercent: 50 };
    expect(() => clima({ consumers: { "kafka-consumer": { autoscale } } })).toThrow(sentence);
  });

  test("one address before a gRPC door", () => {
    expect(() => clima({ relays: { proxy: { loadBalancer: true } } })).toThrow(
      "Cannot lead a load balancer to clima-app/proxy: it has a gRPC door, and a balanced connection pins each client to one pod: current value of loadBalancer is true",
    );
    expect(() => clima({ relays: { proxy: { httpServicePort: 80 } } })).toThrow(
      "Cannot give the Service of clima-app/proxy another port: it has a gRPC door, so its name stands for the pods themselves: current value of httpServicePort is 80",
    );
  });

  test("replicas beside an autoscaler", () => {
    const plan = { replicas: 2, autoscale: { max: 3, cpuPercent: 30 } };
    expect(() => clima({ relays: { api: { name: "api-rust", ...plan } } })).toThrow(
      "Cannot autoscale api-rust: a fixed number of replicas and an autoscaler undo each other: current value is replicas 2",
    );
  });

  test("an autoscaler by CPU where no CPU is requested", () => {
    const plan = { resources: {}, autoscale: { max: 3, cpuPercent: 30 } };
    expect(() => clima({ consumers: { "rabbit-consumer": plan } })).toThrow(
      "Cannot autoscale rabbit-consumer: 30 % of the CPU that a pod requests is no figure when it requests none: current value is {}",
    );
  });

  test("a path of the Ingress that no station serves", () => {
    expect(() => clima({ ingress: { paths: ["/", "/climas"] } })).toThrow(
      'Cannot lead a path of the Ingress into clima-app: no station serves it: current value is "/climas"',
    );
  });

  test("a probe on a path that the station does not answer", () => {
    expect(() => clima({ relays: { api: { probePath: "/health" } } })).toThrow(
      'Cannot probe clima-app/api: its routes that answer a GET are [/]: current value is "/health"',
    );
    expect(() => clima({ relays: { writer: { probePath: "/" } } })).toThrow(
      'Cannot probe clima-app/writer: its routes that answer a GET are []: current value is "/"',
    );
  });

  test("a log without MongoDB", () => {
    expect(() => synth({ ...base, pipeline: votaciones })).toThrow(
      "Cannot deploy votaciones: its log has no MongoDB: current value of mongo is undefined",
    );
  });

  test("a lane without a broker", () => {
    const { rabbit: _, ...others } = base;
    expect(() => synth(others)).toThrow(
      "Cannot deploy clima-app/writer: its lane rabbit has no broker: current value of rabbit is undefined",
    );
  });

  test("a next hop that is no door of the pipeline, and several that have no address of their own", () => {
    const { api, ...stations } = climaApp.stations;
    const [hop] = api.next;
    const pipeline = (next: RelayStation["next"]): Pipeline<typeof climaApp.message> => ({
      ...climaApp,
      stations: { api: { ...api, next }, ...stations },
    });
    const astray = { ...hop, station: "kafka-consumer" };
    expect(() => synth({ ...base, pipeline: pipeline([astray]) })).toThrow(
      'Cannot deploy clima-app/api: no station of its pipeline has that name and a grpc door: current value is "kafka-consumer"',
    );
    expect(() => synth({ ...base, pipeline: pipeline([hop, hop]) })).toThrow(
      'Cannot deploy clima-app/api: of several hops each needs an address of its own, which there is for the lanes kafka and rabbit: current value is "proxy"',
    );
  });
});
