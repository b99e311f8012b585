import { ApiObject } from "cdk8s";
import { KubeRole, KubeRoleBinding } from "cdk8s-plus-28/lib/imports/k8s";
import { Construct } from "constructs";
import type { SecretPlan } from "../../services/secrets/config.ts";
import { Account } from "./account.ts";
import { apiServer, type PolicyEdge, type PolicyPeer } from "./network-policies.ts";
import { type OperatorResources, restrictedByOperator, restrictedPod } from "./operator-pods.ts";
import { placeOf } from "./secret-plan.ts";
import type { SecretKey } from "./service-env.ts";

/** What a `MongoByOperator` is made of. */
export interface MongoByOperatorProps {
  /** The name; the operator calls its Service that and `-svc`. */
  readonly name: string;

  /** What it is a part of. */
  readonly partOf: string;

  /** The database that the address leads to. */
  readonly database: string;

  /**
   * How many members hold the data: an odd number, of which more than half decide.
   * @default 3
   */
  readonly members?: 1 | 3 | 5;

  /**
   * The version of MongoDB.
   * @default "8.0.4"
   */
  readonly version?: string;

  /**
   * The user that our services are.
   * @default "pipeline"
   */
  readonly user?: string;

  /**
   * The account that the operator gives to its pods, whatever their namespace; there it must be, so it is made here.
   * @default "mongodb-kubernetes-appdb", that of MongoDB's Controllers for Kubernetes
   */
  readonly account?: string;

  /**
   * The volume of each member's data, in MiB.
   * @default 1,024
   */
  readonly storageMiB?: number;
}

/** The `MongoDBCommunity` of MongoDB's operator, as far as it is written here. */
interface MongoSpec {
  readonly type: "ReplicaSet";
  readonly members: number;
  readonly version: string;
  readonly security: { readonly authentication: { readonly modes: readonly ["SCRAM"] } };
  readonly users: readonly {
    readonly name: string;
    readonly db: "admin";
    readonly passwordSecretRef: { readonly name: string; readonly key: string };
    readonly roles: readonly { readonly name: string; readonly db: string }[];
    readonly scramCredentialsSecretName: string;
  }[];
  readonly statefulSet: {
    readonly spec: {
      readonly template: { readonly spec: PodOverride };
      readonly volumeClaimTemplates: readonly {
        readonly metadata: { readonly name: string };
        readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
      }[];
    };
  };
}

/** What is laid over the pods that the operator would make; containers are found by their names. */
interface PodOverride {
  readonly securityContext: typeof restrictedPod;
  readonly containers: readonly ContainerOverride[];
  readonly initContainers: readonly ContainerOverride[];
}

interface ContainerOverride {
  readonly name: string;
  readonly securityContext: typeof restrictedByOperator;
  readonly resources: OperatorResources;
}

const port = 27_017;

/** The least that the operator's log volume is good for; its own default is 2 GB. */
const logsMiB = 256;

const serverResources = amounts("100m", "256Mi", "1000m", "768Mi");
const agentResources = amounts("50m", "128Mi", "500m", "256Mi");
const setupResources = amounts("10m", "32Mi", "200m", "128Mi");

/**
 * MongoDB by MongoDB's own operator (`mongodbcommunity.mongodb.com/v1`): a replica set, whose members take over from each
 * other, where `Mongo` is one pod. The address names every member, so that clients find whoever leads.
 *
 * The agent in its pods reads the replica set's plan from a Secret and marks its own pod, by an account that may read Secrets of
 * the namespace, which the operator asks for.
 */
export class MongoByOperator extends Construct {
  /** The Secret that the operator takes the password from. */
  readonly secret: SecretPlan;

  /** The address for clients, with user and password. */
  readonly url: SecretKey;

  /** The port of its pods that clients connect to. */
  readonly port = port;

  /** The Service, which the operator makes. */
  readonly serviceName: string;

  constructor(scope: Construct, id: string, props: MongoByOperatorProps) {
    super(scope, id);
    const { name, partOf, user = "pipeline", database } = props;
    const { account = "mongodb-kubernetes-appdb" } = props;
    const labels = { "app.kubernetes.io/part-of": partOf };
    const secretName = `${name}-password`;
    this.serviceName = `${name}-svc`;
    this.url = { secret: secretName, key: "url" };
    this.secret = {
      name: secretName,
      random: ["password"],
      derived: {
        url: `mongodb://${user}:${placeOf("password")}@${membersOf(props)}/${database}?authSource=admin&replicaSet=${name}`,
      },
    };
    new Account(this, "account", { name: account, labels });
    new KubeRole(this, "role", {
      metadata: { name: account, labels },
      rules: [
        { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
        { apiGroups: [""], resources: ["pods"], verbs: ["get", "patch", "delete"] },
      ],
    });
    new KubeRoleBinding(this, "binding", {
      metadata: { name: account, labels },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: account },
      subjects: [{ kind: "ServiceAccount", name: account }],
    });
    new ApiObject(this, "replica-set", {
      apiVersion: "mongodbcommunity.mongodb.com/v1",
      kind: "MongoDBCommunity",
      metadata: { name, labels },
      spec: mongoSpec(props, this.secret.name),
    });
  }

  /** Its pods, for the policies of the network. */
  get peer(): PolicyPeer {
    return { name: this.serviceName, labels: { app: this.serviceName } };
  }

  /** What its pods say to each other, and to the API server. */
  get edges(): readonly PolicyEdge[] {
    return [
      { from: this.peer, to: this.peer, ports: [port] },
      { from: this.peer, ...apiServer },
    ];
  }
}

/** Every member's own name, below the headless Service. */
function membersOf({ name, members = 3 }: MongoByOperatorProps): string {
  const hosts = Array.from({ length: members }, (_, at) => `${name}-${at}.${name}-svc:${port}`);
  return hosts.join(",");
}

function mongoSpec(props: MongoByOperatorProps, password: string): MongoSpec {
  const { name, members = 3, version = "8.0.4", user = "pipeline", storageMiB = 1_024 } = props;
  const container = (own: string, resources: OperatorResources) => ({
    ...{ name: own, resources },
    securityContext: restrictedByOperator,
  });
  const volume = (own: string, sizeMiB: number) => ({
    metadata: { name: own },
    spec: { resources: { requests: { storage: `${sizeMiB}Mi` } } },
  });
  return {
    type: "ReplicaSet",
    members,
    version,
    security: { authentication: { modes: ["SCRAM"] } },
    users: [
      {
        name: user,
        db: "admin",
        passwordSecretRef: { name: password, key: "password" },
        roles: [{ name: "readWrite", db: props.database }],
        scramCredentialsSecretName: `${name}-${user}`,
      },
    ],
    statefulSet: {
      spec: {
        template: {
          spec: {
            securityContext: restrictedPod,
            containers: [
              container("mongod", serverResources),
              container("mongodb-agent", agentResources),
            ],
            initContainers: [
              container("mongod-posthook", setupResources),
              container("mongodb-agent-readinessprobe", setupResources),
            ],
          },
        },
        volumeClaimTemplates: [volume("data-volume", storageMiB), volume("logs-volume", logsMiB)],
      },
    },
  };
}

function amounts(cpu: string, memory: string, cpuMax: string, memoryMax: string) {
  return {
    requests: { cpu, memory },
    limits: { cpu: cpuMax, memory: memoryMax },
  } satisfies OperatorResources;
}
