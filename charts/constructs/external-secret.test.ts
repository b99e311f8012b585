import { expect, test } from "bun:test";
import { at, manifestOf } from "../testing/manifest.ts";
import { synth } from "../testing/synth.ts";
import { ExternalSecrets, type ExternalSecretsProps } from "./external-secret.ts";

const secrets = [
  {
    name: "rabbitmq",
    random: ["password", "cookie"],
    derived: { url: "amqp://pipeline:{{password}}@rabbitmq:5672", user: "pipeline" },
  },
];

const specOf = (props: Partial<ExternalSecretsProps> = {}) => {
  const manifests = synth(
    (chart) => new ExternalSecrets(chart, "secrets", { secrets, partOf: "clima-app", ...props }),
  );
  return at(manifestOf(manifests, "ExternalSecret", "rabbitmq"), "spec");
};

test("what is random comes from the store, one entry a Secret with a property for each", () => {
  const spec = specOf();
  expect(at(spec, "secretStoreRef")).toEqual({ name: "pipeline", kind: "ClusterSecretStore" });
  const property = (key: string) => ({
    secretKey: key,
    remoteRef: { key: "space-rabbitmq", property: key },
  });
  expect(at(spec, "data")).toEqual([property("password"), property("cookie")]);
});

test("addresses are made of it on the cluster, and stand beside it", () => {
  expect(at(specOf(), "target")).toEqual({
    name: "rabbitmq",
    creationPolicy: "Owner",
    deletionPolicy: "Retain",
    template: {
      engineVersion: "v2",
      mergePolicy: "Merge",
      data: {
        url: 'amqp://pipeline:{{ index . "password" }}@rabbitmq:5672',
        user: "pipeline",
      },
    },
  });
});

test("it is read once: servers keep the password of their first start", () => {
  expect(at(specOf(), "refreshPolicy")).toBe("CreatedOnce");
});

test("a store of the namespace's own, under names of its own", () => {
  const spec = specOf({ store: { name: "vault", kind: "SecretStore", prefix: "team/" } });
  expect(at(spec, "secretStoreRef")).toEqual({ name: "vault", kind: "SecretStore" });
  expect(at(spec, "data.0.remoteRef.key")).toBe("team/rabbitmq");
});
