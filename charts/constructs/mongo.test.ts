import { expect, test } from "bun:test";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { allFaults, synth } from "../testing/synth.ts";
import { Mongo, type MongoProps } from "./mongo.ts";

function mongoWith(props: Partial<MongoProps> = {}): {
  readonly manifests: readonly Manifest[];
  readonly mongo: Mongo;
} {
  const made: Mongo[] = [];
  const manifests = synth((chart) =>
    made.push(new Mongo(chart, "mongo", { database: "so1p2", ...props })),
  );
  const [mongo] = made;
  if (mongo === undefined) throw new Error("Cannot find MongoDB: it was not made");
  return { manifests, mongo };
}

test("MongoDB fits Kubernetes' schema, with everything said and with nothing", () => {
  const said: Required<MongoProps> = {
    name: "mongo-db",
    partOf: "votaciones",
    image: "mongo:8.0.4",
    imagePullPolicy: "Never",
    storageMiB: 512,
    storageClassName: "fast",
    resources: { memoryLimitMiB: 1_000 },
    clusterDomain: "example",
    database: "so1p2",
    replicas: 1,
    serviceName: "mongo-svc",
    nodesServiceName: "mongo-pods",
    user: "votes",
    secretName: "store",
  };
  expect(allFaults(mongoWith().manifests)).toEqual([]);
  const { manifests, mongo } = mongoWith(said);
  expect(allFaults(manifests)).toEqual([]);
  expect(mongo.url).toEqual({ secret: "store", key: "url" });
  expect(mongo.secret.derived.url).toBe(
    "mongodb://votes:{{password}}@mongo-svc:27017/so1p2?authSource=admin",
  );
});

test("its user must sign in, with a password that is none of the manifest", () => {
  const env = at(
    manifestOf(mongoWith().manifests, "StatefulSet", "mongo"),
    "spec.template.spec.containers.0.env",
  );
  expect(env).toContainEqual({ name: "MONGO_INITDB_ROOT_USERNAME", value: "pipeline" });
  expect(env).toContainEqual({
    name: "MONGO_INITDB_ROOT_PASSWORD",
    valueFrom: { secretKeyRef: { name: "mongo", key: "password" } },
  });
});

test("none or several pods are refused, since nothing copies data between them", () => {
  for (const replicas of [0, 2]) {
    expect(() => mongoWith({ replicas })).toThrow(
      `Cannot run mongo in any number of pods but one: nothing copies data from one to another: current value of replicas is ${replicas}`,
    );
  }
});
