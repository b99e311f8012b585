import { describe, expect, test } from "bun:test";
import { App, type Chart } from "cdk8s";
import { climaApp } from "../../pipelines/clima-app.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { ClimaAppChart } from "../clima-app.ts";
import { DemoChart } from "../demo.ts";
import { Proyecto3Chart } from "../proyecto3.ts";
import { chartSuite } from "../testing/chart.suite.ts";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { allFaults, synth } from "../testing/synth.ts";
import { envOf, podOf } from "../testing/workloads.ts";
import { VotacionesChart } from "../votaciones.ts";
import type { ApiKeys } from "./api-keys.ts";
import { kafkaAt, mongoAt, rabbitAt, valkeyAt } from "./sources.ts";
import { TweetPipeline } from "./tweet-pipeline.ts";
import type { TweetPipelineProps } from "./tweet-pipeline-props.ts";

const servers = {
  kafka: kafkaAt("kafka:9092"),
  rabbit: rabbitAt({ secret: "rabbitmq", key: "url" }),
  valkey: valkeyAt("redis://valkey:6379"),
};
const apiKeys: ApiKeys = { secret: "api-keys" };

const clima = (props: Partial<TweetPipelineProps<typeof climaApp>>) =>
  synth((chart) => {
    new TweetPipeline(chart, "pipeline", { pipeline: climaApp, ...servers, ...props });
  });

const relay = (manifests: readonly Manifest[], name: string) => {
  const deployment = manifestOf(manifests, "Deployment", name);
  return {
    env: envOf(deployment),
    volumes: at(podOf(deployment), "spec.volumes"),
    mounts: at(podOf(deployment), "spec.containers.0.volumeMounts"),
  };
};

test("the first doors find the Secret as a folder that follows it, and nobody else does", () => {
  const manifests = clima({ apiKeys: { ...apiKeys, key: "clients", clientRate: 50 } });
  expect(allFaults(manifests)).toEqual([]);
  const api = relay(manifests, "api");
  expect(api.env).toMatchObject({
    API_KEYS_FILE: "/etc/tweet-pipeline/api-keys/clients",
    CLIENT_RATE: "50",
  });
  expect(api.volumes).toEqual([
    {
      name: "secret-api-keys",
      secret: {
        secretName: "api-keys",
        defaultMode: 0o444,
        items: [{ key: "clients", path: "clients" }],
      },
    },
  ]);
  // No `subPath`: the kubelet never brings a single file up to date.
  expect(api.mounts).toEqual([
    { name: "secret-api-keys", mountPath: "/etc/tweet-pipeline/api-keys", readOnly: true },
  ]);
  for (const name of ["proxy", "writer", "board", "kafka-consumer"]) {
    const other = relay(manifests, name);
    expect(Object.keys(other.env)).not.toContain("API_KEYS_FILE");
    expect([other.volumes, other.mounts]).toEqual([undefined, undefined]);
  }
});

test("without keys nothing is mounted; with them only where they are, or may be, is said", () => {
  expect(relay(clima({}), "api").mounts).toBeUndefined();
  const { env } = relay(clima({ apiKeys }), "api");
  expect(env).toHaveProperty("API_KEYS_FILE", "/etc/tweet-pipeline/api-keys/keys");
  expect(env).not.toHaveProperty("CLIENT_RATE");
});

describe("a way that leads around the first doors is refused", () => {
  const ingress = { paths: ["/clima", "/tweet"] };

  test("by a path of the Ingress, which may lead there where no keys are needed", () => {
    expect(() => clima({ apiKeys, ingress })).toThrow(
      'Cannot lead a path of the Ingress to clima-app/proxy: clients are asked for keys at first doors alone, and another station hands on to it: current value is "/tweet"',
    );
    expect(() => clima({ ingress })).not.toThrow();
    expect(() => clima({ apiKeys, ingress: { paths: ["/", "/clima", "/api"] } })).not.toThrow();
  });

  test("by a load balancer", () => {
    const plan = (station: "rest-api" | "rest-writer") => () =>
      synth((chart) => {
        new TweetPipeline(chart, "pipeline", {
          ...servers,
          pipeline: votaciones,
          mongo: mongoAt({ secret: "mongo", key: "url" }),
          apiKeys,
          relays: { [station]: { loadBalancer: true } },
        });
      });
    expect(plan("rest-writer")).toThrow(
      "Cannot lead a load balancer to votaciones/rest-writer: clients are asked for keys",
    );
    expect(plan("rest-api")).not.toThrow();
  });
});

test("a rate that the service would refuse is refused", () => {
  expect(() => clima({ apiKeys: { ...apiKeys, clientRate: 1.5 } })).toThrow(
    "Cannot deploy api: CLIENT_RATE must be a whole number from 0 to 1000000",
  );
});

const app = new App();
const charts = {
  "clima-app": new ClimaAppChart(app, "clima-app", { apiKeys }),
  proyecto3: new Proyecto3Chart(app, "proyecto3", { apiKeys }),
  votaciones: new VotacionesChart(app, "votaciones", { apiKeys }),
  demo: new DemoChart(app, "demo", { apiKeys }),
} satisfies Record<string, Chart>;

for (const [name, chart] of Object.entries(charts)) {
  const manifests: readonly Manifest[] = chart.toJson();
  chartSuite(`${name} with keys`, manifests);

  test(`${name} with keys makes load with one of its own, from a Secret that pods wait for`, () => {
    const load = manifests.filter(({ metadata }) => ["locust", "k6"].includes(metadata.name));
    const pods = load.filter(({ kind }) => kind === "Deployment" || kind === "CronJob");
    expect(pods.map((each) => envOf(each).API_KEY)).toEqual(
      name === "demo" ? [] : ["api-keys-load/key", "api-keys-load/key"],
    );
  });
}
