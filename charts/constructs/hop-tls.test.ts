import { describe, expect, test } from "bun:test";
import { App } from "cdk8s";
import { climaApp } from "../../pipelines/clima-app.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { ClimaAppChart } from "../clima-app.ts";
import { readCluster } from "../cluster-config.ts";
import { DemoChart } from "../demo.ts";
import { Proyecto3Chart } from "../proyecto3.ts";
import { chartSuite } from "../testing/chart.suite.ts";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { allFaults, synth } from "../testing/synth.ts";
import { envOf, podOf } from "../testing/workloads.ts";
import { VotacionesChart } from "../votaciones.ts";
import { LoadGenerator } from "./load-generator.ts";
import { kafkaAt, mongoAt, rabbitAt, valkeyAt } from "./sources.ts";
import { TweetPipeline } from "./tweet-pipeline.ts";
import type { TweetPipelineProps } from "./tweet-pipeline-props.ts";

const servers = {
  kafka: kafkaAt("kafka:9092"),
  rabbit: rabbitAt({ secret: "rabbitmq", key: "url" }),
  valkey: valkeyAt("redis://valkey:6379"),
};
const hopTls = { secret: "hops" };

const clima = (props: Partial<TweetPipelineProps<typeof climaApp>>, target?: string) =>
  synth((chart) => {
    const load =
      target === undefined
        ? {}
        : { load: new LoadGenerator(chart, "load", { pipeline: "clima-app", target }) };
    new TweetPipeline(chart, "pipeline", { pipeline: climaApp, ...servers, ...load, ...props });
  });

const relay = (manifests: readonly Manifest[], name: string) => {
  const deployment = manifestOf(manifests, "Deployment", name);
  return {
    env: envOf(deployment),
    volumes: at(podOf(deployment), "spec.volumes"),
    mounts: at(podOf(deployment), "spec.containers.0.volumeMounts"),
  };
};

test("every relay finds the Secret as a folder that follows it, and nobody else does; hops go by https", () => {
  const manifests = clima({ hopTls });
  expect(allFaults(manifests)).toEqual([]);
  for (const name of ["api", "proxy", "writer"]) {
    const { env, volumes, mounts } = relay(manifests, name);
    expect(env).toMatchObject({
      HOP_CERT_FILE: "/etc/tweet-pipeline/hop-tls/tls.crt",
      HOP_KEY_FILE: "/etc/tweet-pipeline/hop-tls/tls.key",
      HOP_CA_FILE: "/etc/tweet-pipeline/hop-tls/ca.crt",
    });
    expect(volumes).toMatchObject([{ secret: { secretName: "hops" } }]);
    // No `subPath`: the kubelet never brings a single file up to date.
    expect(mounts).toEqual([
      { name: "secret-hops", mountPath: "/etc/tweet-pipeline/hop-tls", readOnly: true },
    ]);
  }
  expect(relay(manifests, "api").env.NEXT_URL).toBe("https://proxy-service:50052");
  for (const name of ["board", "kafka-consumer"]) {
    expect(relay(manifests, name).mounts).toBeUndefined();
  }
});

test("without it hops go in clear text, and nothing is mounted; keys of clients are mounted beside it", () => {
  const clear = relay(clima({}), "api");
  expect(clear.env.NEXT_URL).toBe("http://proxy-service:50052");
  expect([clear.mounts, Object.keys(clear.env).includes("HOP_CA_FILE")]).toEqual([
    undefined,
    false,
  ]);
  const both = clima({ hopTls, apiKeys: { secret: "clients" } });
  expect(relay(both, "api").mounts).toMatchObject([
    { name: "secret-clients" },
    { name: "secret-hops" },
  ]);
});

test("cert-manager is asked for a certificate by every name of the relays' Services, for both ends of a hop", () => {
  const manifests = clima({ hopTls: { issuer: { name: "internal" } } });
  const certificate = manifests.find(({ kind }) => kind === "Certificate");
  expect(certificate).toMatchObject({
    apiVersion: "cert-manager.io/v1",
    metadata: { name: "hop-tls", namespace: "space" },
  });
  expect(at(certificate, "spec")).toEqual({
    secretName: "hop-tls",
    dnsNames: ["api", "proxy", "writer"].flatMap((name) => [
      `${name}-service`,
      `${name}-service.space`,
      `${name}-service.space.svc`,
    ]),
    usages: ["digital signature", "server auth", "client auth"],
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "internal" },
  });
  expect(relay(manifests, "writer").volumes).toMatchObject([{ secret: { secretName: "hop-tls" } }]);
});

describe("who has no certificate is not led to a door behind others", () => {
  const why =
    "other stations hand on to it by mutual TLS, and it takes nothing from who has no certificate of theirs: current value";

  test("by a path of the Ingress or a Gateway's route", () => {
    const ingress = { paths: ["/clima", "/tweet"] };
    expect(() => clima({ hopTls, ingress })).toThrow(
      `Cannot lead a path of the Ingress to clima-app/proxy: ${why} is "/tweet"`,
    );
    expect(() => clima({ ingress })).not.toThrow();
    expect(() => clima({ hopTls, ingress: { paths: ["/", "/clima", "/api"] } })).not.toThrow();
    const grpc = { paths: ["/clima"], grpc: ["proxy"] };
    expect(() => clima({ hopTls, wayIn: "gateway", ingress: grpc })).toThrow(why);
    expect(() => clima({ wayIn: "gateway", ingress: grpc })).not.toThrow();
  });

  test("by a load balancer, or a probe at its door", () => {
    const plan = (station: "rest-api" | "rest-writer", how: object) => () =>
      synth((chart) => {
        new TweetPipeline(chart, "pipeline", {
          ...servers,
          pipeline: votaciones,
          mongo: mongoAt({ secret: "mongo", key: "url" }),
          hopTls,
          relays: { [station]: how },
        });
      });
    expect(plan("rest-writer", { loadBalancer: true })).toThrow(
      `Cannot lead a load balancer to votaciones/rest-writer: ${why} of loadBalancer is true`,
    );
    expect(plan("rest-api", { loadBalancer: true })).not.toThrow();
    const proxy = { relays: { proxy: { probePath: "/health" } } };
    expect(() => clima({ hopTls, ...proxy })).toThrow(
      `Cannot probe clima-app/proxy at its HTTP door: ${why} of probePath is "/health"`,
    );
    expect(() => clima(proxy)).not.toThrow();
  });

  test("by a load generator, for whom no policy opens the way either", () => {
    for (const target of ["http://proxy-service:8081", "http://proxy-service.space.svc:8081"]) {
      expect(() => clima({ hopTls }, target)).toThrow(
        `Cannot make load on clima-app/proxy: ${why} is "${target}"`,
      );
      expect(() => clima({}, target)).not.toThrow();
    }
    const manifests = clima({ hopTls }, "http://api-service:8080");
    const proxy = manifestOf(manifests, "NetworkPolicy", "allow-proxy");
    expect(JSON.stringify(proxy)).not.toContain("locust");
  });
});

test("HOP_TLS_SECRET and HOP_TLS_ISSUER say so for all charts", () => {
  expect(readCluster({})).toEqual({});
  expect(readCluster({ HOP_TLS_SECRET: "hops" })).toEqual({ hopTls: { secret: "hops" } });
  expect(readCluster({ HOP_TLS_ISSUER: "internal" })).toEqual({
    hopTls: { issuer: { name: "internal", kind: "ClusterIssuer" } },
  });
  expect(readCluster({ HOP_TLS_SECRET: "hops", HOP_TLS_ISSUER: "Issuer/own" })).toEqual({
    hopTls: { secret: "hops", issuer: { name: "own", kind: "Issuer" } },
  });
  for (const HOP_TLS_ISSUER of ["Isuer/own", "a/b/c", "Issuer/"]) {
    expect(() => readCluster({ HOP_TLS_ISSUER })).toThrow(
      `HOP_TLS_ISSUER must be a ClusterIssuer's name, or Issuer/name: current value is "${HOP_TLS_ISSUER}"`,
    );
  }
});

const app = new App();
chartSuite("clima-app by mutual TLS", new ClimaAppChart(app, "clima-app", { hopTls }).toJson());
chartSuite("proyecto3 by mutual TLS", new Proyecto3Chart(app, "proyecto3", { hopTls }).toJson());
chartSuite("votaciones by mutual TLS", new VotacionesChart(app, "votaciones", { hopTls }).toJson());
chartSuite("demo by mutual TLS", new DemoChart(app, "demo", { hopTls }).toJson());
