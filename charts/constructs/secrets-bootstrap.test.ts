import { describe, expect, test } from "bun:test";
import { readConfig } from "../../lib/config.ts";
import { spec as secretsSpec } from "../../services/secrets/config.ts";
import { at, type Manifest } from "../testing/manifest.ts";
import { allFaults, synth } from "../testing/synth.ts";
import { KafkaCluster } from "./kafka-cluster.ts";
import { Mongo } from "./mongo.ts";
import { RabbitMq } from "./rabbit-mq.ts";
import { SecretsBootstrap, type SecretsBootstrapProps } from "./secrets-bootstrap.ts";
import { Valkey } from "./valkey.ts";

const secrets = [{ name: "store", random: ["password"], derived: {} }];

function bootstrapWith(props: Partial<SecretsBootstrapProps> = {}): readonly Manifest[] {
  return synth((chart) => new SecretsBootstrap(chart, "secrets", { secrets, ...props }));
}

const job = (manifests: readonly Manifest[], path: string) =>
  at(
    manifests.find(({ kind }) => kind === "Job"),
    path,
  );
const jobName = (props: Partial<SecretsBootstrapProps> = {}) =>
  job(bootstrapWith(props), "metadata.name");

test("it fits Kubernetes' schema, with everything said and with nothing", () => {
  const said: Required<SecretsBootstrapProps> = {
    secrets,
    by: "bootstrap",
    name: "passwords",
    partOf: "votaciones",
    registry: "registry:5000",
    passwordLength: 64,
  };
  expect(allFaults(bootstrapWith())).toEqual([]);
  expect(allFaults(bootstrapWith(said))).toEqual([]);
  expect(bootstrapWith().map(({ kind }) => kind)).toEqual([
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "Job",
  ]);
});

test("its account may create Secrets, and nothing else", () => {
  const role = bootstrapWith().find(({ kind }) => kind === "Role");
  expect(at(role, "rules")).toEqual([
    { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
  ]);
});

test("its pod alone has a token, and passes Pod Security restricted", () => {
  const pod = (path: string) => job(bootstrapWith(), `spec.template.spec.${path}`);
  expect(pod("automountServiceAccountToken")).toBe(false);
  expect(pod("volumes.0.projected.sources.0")).toEqual({
    serviceAccountToken: { path: "token", expirationSeconds: 600 },
  });
  expect(pod("containers.0.securityContext")).toEqual({
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  expect(pod("securityContext.runAsUser")).toBe(65_532);
});

test("the Job's name stays as long as what it does, and no longer", () => {
  expect(jobName()).toMatch(/^secrets-[0-9a-f]{8}$/);
  expect(jobName()).toBe(jobName());
  expect(jobName({ passwordLength: 20 })).not.toBe(jobName());
  expect(jobName({ secrets: [] })).not.toBe(jobName());
  expect(jobName({ registry: "registry:5000" })).not.toBe(jobName());
});

test("its plan is one that the program reads, and holds no password", () => {
  const manifests = synth((chart) => {
    const servers = [
      new KafkaCluster(chart, "kafka"),
      new RabbitMq(chart, "rabbitmq"),
      new Valkey(chart, "valkey"),
      new Mongo(chart, "mongo", { database: "so1p2" }),
    ];
    new SecretsBootstrap(chart, "secrets", { secrets: servers.map(({ secret }) => secret) });
  });
  const PLAN = String(job(manifests, "spec.template.spec.containers.0.env.0.value"));
  const plans = readConfig(secretsSpec, { PLAN }).PLAN;
  expect(plans.map(({ name }) => name)).toEqual(["kafka", "rabbitmq", "valkey", "mongo"]);
});

describe("where the user makes the Secrets", () => {
  test("nothing is added", () => {
    expect(bootstrapWith({ by: "external" })).toEqual([]);
  });
});

test("a plan that the program could not carry out is refused at synth", () => {
  const plan = { name: "store", random: ["a"], derived: { url: "x://{{b}}" } };
  expect(() => bootstrapWith({ secrets: [plan] })).toThrow(
    /^Cannot deploy secrets: PLAN must make store's url of its random values, not of "b": current value is /,
  );
  expect(() => bootstrapWith({ passwordLength: 8 })).toThrow(
    'PASSWORD_LENGTH must be a whole number from 16 to 128: current value is "8"',
  );
});
