import { describe, expect, test } from "bun:test";
import { App } from "cdk8s";
import { ClimaAppChart } from "./clima-app.ts";
import { at, type Manifest, manifestOf } from "./testing/manifest.ts";
import { containersOf, envOf } from "./testing/workloads.ts";

const synth = (primary: "first-pod" | "sentinels"): readonly Manifest[] =>
  new ClimaAppChart(new App(), "clima-app", { primary }).toJson();
const manifests = synth("sentinels");
const env = (name: string) => envOf(manifestOf(manifests, "Deployment", name));

describe("clima-app with sentinels", () => {
  test("has the objects of clima-app, no more and no less, under the same names", () => {
    const names = (all: readonly Manifest[]) =>
      all.map(({ kind, metadata }) => `${kind} ${metadata.name}`.replace(/secrets-\w+/, "secrets"));
    expect(names(manifests)).toEqual(names(synth("first-pod")));
    const store = manifestOf(manifests, "StatefulSet", "valkey");
    expect(containersOf(store).map(({ name }) => name)).toEqual(["server", "sentinel"]);
  });

  test("leads every service to the primary by the sentinels; those who write wait for a copy", () => {
    for (const name of ["kafka-consumer", "rabbit-consumer"]) {
      expect(env(name)).toMatchObject({
        ...{ VALKEY_SERVICE_URL: "valkey/consumer-url", VALKEY_WAIT: "1" },
      });
    }
    expect(env("api-rust")).toMatchObject({ KEYS_URL: "valkey/relay-url", VALKEY_WAIT: "1" });
    expect(env("board").VALKEY_SERVICE_URL).toBe("valkey/board-url");
    expect(env("board").VALKEY_WAIT).toBeUndefined();
    expect(env("server-go").VALKEY_WAIT).toBeUndefined();
  });

  test("lets whom it lets to the servers to the sentinels, and servers and sentinels to each other", () => {
    const policy = manifestOf(manifests, "NetworkPolicy", "allow-valkey");
    const ways = at(policy, "spec.ingress") as readonly { readonly ports: { port: number }[] }[];
    expect(ways.length).toBeGreaterThan(4);
    for (const { ports } of ways) expect(ports.map(({ port }) => port)).toEqual([6_379, 26_379]);
  });
});
