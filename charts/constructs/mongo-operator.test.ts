import { expect, test } from "bun:test";
import { at, manifestOf } from "../testing/manifest.ts";
import { allFaults, synth } from "../testing/synth.ts";
import { MongoByOperator, type MongoByOperatorProps } from "./mongo-operator.ts";

const base = { name: "mongo", partOf: "votaciones", database: "so1p2" };

function mongoWith(props: Partial<MongoByOperatorProps> = {}) {
  const made: MongoByOperator[] = [];
  const manifests = synth((chart) =>
    made.push(new MongoByOperator(chart, "mongo", { ...base, ...props })),
  );
  const [mongo] = made;
  if (mongo === undefined) throw new Error("Cannot find MongoDB: it was not made");
  const spec = at(manifestOf(manifests, "MongoDBCommunity", "mongo"), "spec");
  return { manifests, mongo, spec };
}

test("three members hold the data, behind the Service that the reference has", () => {
  const { mongo, spec } = mongoWith();
  expect(spec).toMatchObject({ type: "ReplicaSet", members: 3 });
  expect(mongo.serviceName).toBe("mongo-svc");
  expect(mongo.peer).toEqual({ name: "mongo-svc", labels: { app: "mongo-svc" } });
});

test("the address names every member, and the user may read and write one database", () => {
  const { mongo, spec } = mongoWith();
  expect(mongo.secret).toEqual({
    name: "mongo-password",
    random: ["password"],
    derived: {
      url: "mongodb://pipeline:{{password}}@mongo-0.mongo-svc:27017,mongo-1.mongo-svc:27017,mongo-2.mongo-svc:27017/so1p2?authSource=admin&replicaSet=mongo",
    },
  });
  expect(at(spec, "users")).toEqual([
    {
      name: "pipeline",
      db: "admin",
      passwordSecretRef: { name: "mongo-password", key: "password" },
      roles: [{ name: "readWrite", db: "so1p2" }],
      scramCredentialsSecretName: "mongo-pipeline",
    },
  ]);
});

test("the agent's account may read Secrets and mark pods, in this namespace alone", () => {
  const { manifests } = mongoWith();
  const rights = manifestOf(manifests, "Role", "mongodb-kubernetes-appdb");
  expect(at(rights, "rules")).toEqual([
    { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["get", "patch", "delete"] },
  ]);
  const known = manifests.filter(({ kind }) => kind !== "MongoDBCommunity");
  expect(allFaults(known)).toEqual([]);
});

test("the operator's pods pass Pod Security restricted, every container bounded", () => {
  const pod = at(mongoWith().spec, "statefulSet.spec.template.spec");
  expect(at(pod, "securityContext.runAsNonRoot")).toBe(true);
  const containers = [at(pod, "containers"), at(pod, "initContainers")].flat();
  expect(containers.map((each) => at(each, "name"))).toEqual([
    "mongod",
    "mongodb-agent",
    "mongod-posthook",
    "mongodb-agent-readinessprobe",
  ]);
  for (const each of containers) {
    expect(at(each, "securityContext")).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(at(each, "resources.limits.memory")).toBeString();
  }
});

test("everything said is so", () => {
  const said: Required<MongoByOperatorProps> = {
    ...base,
    members: 5,
    version: "8.0.9",
    user: "votes",
    account: "mongodb-database",
    storageMiB: 512,
  };
  const { manifests, mongo, spec } = mongoWith(said);
  expect(manifestOf(manifests, "ServiceAccount", "mongodb-database")).toBeDefined();
  expect(spec).toMatchObject({ members: 5, version: "8.0.9" });
  expect(at(spec, "statefulSet.spec.volumeClaimTemplates.0.spec.resources.requests.storage")).toBe(
    "512Mi",
  );
  expect(mongo.secret.derived.url).toContain("mongodb://votes:{{password}}@mongo-0.");
  expect(mongo.secret.derived.url).toContain("mongo-4.mongo-svc:27017/");
});
