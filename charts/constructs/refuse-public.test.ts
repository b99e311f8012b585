import { describe, expect, test } from "bun:test";
import { at, manifestOf } from "../testing/manifest.ts";
import { synth } from "../testing/synth.ts";
import { Edge } from "./edge.ts";
import { Front } from "./front.ts";
import { KafkaCluster } from "./kafka-cluster.ts";
import { Mongo } from "./mongo.ts";
import { RabbitMq } from "./rabbit-mq.ts";
import { Valkey } from "./valkey.ts";

const port = { name: "amqp", targetPort: 5_672 };
const part = (component: string) => ({
  selector: { app: "queue" },
  labels: { "app.kubernetes.io/component": component },
});

describe("a broker or a store stays inside of the cluster", () => {
  test("a load balancer before one is refused, before a relay it is not", () => {
    const front = (component: string) => () =>
      synth((chart) => {
        new Front(chart, "front", {
          name: "queue-service",
          ports: [port],
          loadBalancer: true,
          ...part(component),
        });
      });
    expect(front("broker")).toThrow(
      "Cannot show queue-service outside of the cluster: it is a broker, for the pipeline's services alone: current value is loadBalancer true",
    );
    expect(front("store")).toThrow("it is a store");
    expect(front("relay")).not.toThrow();
  });

  test("a path of the Ingress to one is refused", () => {
    expect(() =>
      synth((chart) => {
        const { service } = new Front(chart, "front", {
          name: "queue-management",
          ports: [port],
          ...part("broker"),
        });
        const routes = [{ path: "/rabbitmq", service, port: port.targetPort }];
        new Edge(chart, "edge", { name: "way-in", routes });
      }),
    ).toThrow(
      "Cannot show queue-management outside of the cluster: it is a broker, for the pipeline's services alone: current value is path /rabbitmq of the Ingress",
    );
  });

  test("no prop of a construct asks for it", () => {
    const manifests = synth((chart) => {
      // @ts-expect-error: Kafka has no such prop, and
      new KafkaCluster(chart, "kafka", { loadBalancer: true });
      // @ts-expect-error: neither has RabbitMQ,
      new RabbitMq(chart, "rabbitmq", { loadBalancer: true });
      // @ts-expect-error: nor Valkey,
      new Valkey(chart, "valkey", { loadBalancer: true });
      // @ts-expect-error: nor MongoDB.
      new Mongo(chart, "mongo", { database: "tweets", loadBalancer: true });
    });
    const services = manifests.filter(({ kind }) => kind === "Service");
    expect(services.length).toBeGreaterThan(7);
    for (const { metadata } of services) {
      const type = at(manifestOf(manifests, "Service", metadata.name), "spec.type");
      expect([metadata.name, type]).toEqual([metadata.name, "ClusterIP"]);
    }
  });
});
