import { describe, expect, test } from "bun:test";
import { Service } from "cdk8s-plus-28";
import { at, manifestOf } from "../testing/manifest.ts";
import { synth } from "../testing/synth.ts";
import { GatewayEdge, type GatewayEdgeProps } from "./gateway.ts";

const method = { service: "weathertweet.WeatherTweetService", method: "SendTweet" };
const grpc = [
  { name: "proxy-grpc", methods: [method], serviceName: "proxy-service", port: 50_052 },
];

function gateway(props: Partial<GatewayEdgeProps> = {}, component = "relay") {
  return synth((chart) => {
    const labels = { "app.kubernetes.io/component": component };
    const metadata = { name: "api-service", labels };
    const service = new Service(chart, "service", { metadata, ports: [{ port: 80 }] });
    const routes = [
      { path: "/clima", service, port: 80 },
      { path: "/", service, port: 80 },
    ];
    new GatewayEdge(chart, "gateway", { name: "way-in", routes, ...props });
  });
}

const unmarked = [
  {
    type: "RequestHeaderModifier",
    requestHeaderModifier: { remove: ["x-event-forwarded"] },
  },
];

test("a Gateway of the namespace's own takes HTTP on port 80, for any host", () => {
  expect(at(manifestOf(gateway(), "Gateway", "way-in"), "spec")).toEqual({
    gatewayClassName: "traefik",
    listeners: [
      {
        name: "http",
        port: 80,
        protocol: "HTTP",
        allowedRoutes: { namespaces: { from: "Same" } },
      },
    ],
  });
});

test("paths lead where an Ingress would lead them, without the mark of our own stations", () => {
  const rule = (value: string) => ({
    matches: [{ path: { type: "PathPrefix", value } }],
    filters: unmarked,
    backendRefs: [{ name: "api-service", port: 80 }],
  });
  expect(at(manifestOf(gateway(), "HTTPRoute", "way-in"), "spec")).toEqual({
    parentRefs: [{ name: "way-in", sectionName: "http" }],
    rules: [rule("/"), rule("/clima")],
  });
});

test("gRPC methods lead to the Service of their door", () => {
  expect(at(manifestOf(gateway({ grpc }), "GRPCRoute", "proxy-grpc"), "spec")).toEqual({
    parentRefs: [{ name: "way-in", sectionName: "grpc" }],
    hostnames: ["grpc.localhost"],
    rules: [
      {
        matches: [{ method: { type: "Exact", ...method } }],
        filters: unmarked,
        backendRefs: [{ name: "proxy-service", port: 50_052 }],
      },
    ],
  });
});

test("gRPC has a listener and a host name of its own, which routes for HTTP may not share", () => {
  const listeners = (props: Partial<GatewayEdgeProps>) =>
    at(manifestOf(gateway(props), "Gateway", "way-in"), "spec.listeners");
  expect(listeners({ grpc })).toMatchObject([
    { name: "http", port: 80 },
    { name: "grpc", port: 80, hostname: "grpc.localhost" },
  ]);
  expect(listeners({ grpc, host: "clima.example" })).toMatchObject([
    { name: "http", hostname: "clima.example" },
    { name: "grpc", hostname: "grpc.clima.example" },
  ]);
  expect(listeners({ grpc, grpcHost: "rpc.example" })).toMatchObject([
    { name: "http" },
    { name: "grpc", hostname: "rpc.example" },
  ]);
  expect(() => gateway({ grpc, host: "a.example", grpcHost: "a.example" })).toThrow(
    'may not share a host name: current value is "a.example"',
  );
});

test("with a certificate everything is served encrypted, and port 80 sends there", () => {
  const said: Omit<Required<GatewayEdgeProps>, "routes"> = {
    name: "way-in",
    className: "gke-l7-global-external-managed",
    host: "clima.example",
    tlsSecret: "certificate",
    labels: { team: "weather" },
    grpc,
    grpcHost: "rpc.example",
  };
  const manifests = gateway(said);
  const spec = at(manifestOf(manifests, "Gateway", "way-in"), "spec");
  expect(at(spec, "gatewayClassName")).toBe(said.className);
  expect(at(spec, "listeners.1")).toMatchObject({
    name: "https",
    port: 443,
    protocol: "HTTPS",
    hostname: "clima.example",
    tls: { mode: "Terminate", certificateRefs: [{ name: "certificate" }] },
  });
  expect(at(spec, "listeners.2")).toMatchObject({ name: "grpcs", hostname: "rpc.example" });
  for (const [kind, name, section, host] of [
    ["HTTPRoute", "way-in", "https", "clima.example"],
    ["GRPCRoute", "proxy-grpc", "grpcs", "rpc.example"],
    ["HTTPRoute", "way-in-to-https", "http", "clima.example"],
  ] as const) {
    expect(at(manifestOf(manifests, kind, name), "spec")).toMatchObject({
      parentRefs: [{ name: "way-in", sectionName: section }],
      hostnames: [host],
    });
  }
  const redirect = manifestOf(manifests, "HTTPRoute", "way-in-to-https");
  expect(at(redirect, "spec.rules")).toEqual([
    {
      filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }],
    },
  ]);
});

describe("GatewayEdge refuses", () => {
  test("a way to a store or a broker", () => {
    expect(() => gateway({}, "store")).toThrow(
      "Cannot show api-service outside of the cluster: it is a store",
    );
  });

  test("one gRPC method in two routes", () => {
    const twice = [
      ...grpc,
      { ...grpc[0], name: "other", serviceName: "x", port: 1, methods: [method] },
    ];
    expect(() => gateway({ grpc: twice })).toThrow(
      'two stations answer one gRPC method, and a route could not tell them apart: current value is "weathertweet.WeatherTweetService/SendTweet"',
    );
  });

  test("more methods than a rule can match", () => {
    const methods = Array.from({ length: 17 }, (_, at) => ({ service: "a.B", method: `M${at}` }));
    const many = [{ name: "many", methods, serviceName: "x", port: 1 }];
    expect(() => gateway({ grpc: many })).toThrow("current value is 17");
  });
});
