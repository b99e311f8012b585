import { expect, test } from "bun:test";
import { join } from "node:path";
import { YAML } from "bun";

interface Service {
  readonly image: string;
  readonly ports: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly command?: string;
}

const file = join(import.meta.dir, "..", "..", "compose.yaml");
const { services } = YAML.parse(await Bun.file(file).text()) as {
  readonly services: Readonly<Record<string, Service>>;
};

test("compose.yaml runs the versions that the manifests run", () => {
  expect(Object.values(services).map(({ image }) => image)).toEqual([
    "apache/kafka:4.3.1",
    "rabbitmq:4.0.5-management",
    "valkey/valkey:8.1.1",
    "mongo:8.0",
  ]);
});

test("every container has a health check and serves loopback only", () => {
  for (const { ports, healthcheck } of Object.values(services)) {
    expect(healthcheck?.test[0]).toBe("CMD");
    expect(ports.every((port) => port.startsWith("127.0.0.1:"))).toBe(true);
  }
});

test("Valkey keeps what it acknowledged and evicts nothing", () => {
  expect(services.valkey?.command).toContain("--appendonly yes --appendfsync always");
  expect(services.valkey?.command).toContain("--maxmemory-policy noeviction");
});
