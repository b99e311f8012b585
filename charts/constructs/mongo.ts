import { IntOrString } from "cdk8s-plus-28/lib/imports/k8s";
import { Construct } from "constructs";
import type { SecretPlan } from "../../services/secrets/config.ts";
import type { PolicyPeer } from "./network-policies.ts";
import { placeOf } from "./secret-plan.ts";
import type { ServerProps } from "./server-props.ts";
import type { SecretKey } from "./service-env.ts";
import { StatefulServer } from "./stateful-server.ts";

/** What a `Mongo` is made of. */
export interface MongoProps extends ServerProps {
  /** The database that the address leads to. */
  readonly database: string;

  /**
   * How many pods: more than one would be so many databases behind one name, and is refused.
   * @default 1
   */
  readonly replicas?: number;

  /**
   * The Service of its clients.
   * @default the name and `-service`
   */
  readonly serviceName?: string;

  /**
   * The headless Service by which the pod has a name.
   * @default the name and `-nodes`
   */
  readonly nodesServiceName?: string;

  /**
   * The user that our services are.
   * @default "pipeline"
   */
  readonly user?: string;

  /**
   * The Secret that holds the password, and the address with it.
   * @default the name
   */
  readonly secretName?: string;
}

const clients = { name: "mongo", targetPort: 27_017 };
const port = { port: IntOrString.fromNumber(clients.targetPort) };

/** The port is open when it serves; that it still does, only the shell can say, for about a second of a core. */
const ping = {
  exec: { command: ["mongosh", "--quiet", "--eval", "db.adminCommand('ping')"] },
  timeoutSeconds: 15,
};

/** MongoDB as a StatefulSet of one pod, whose one user must sign in. */
export class Mongo extends Construct {
  /** The Secret that the pod waits for. */
  readonly secret: SecretPlan;

  /** The address for clients, with user and password. */
  readonly url: SecretKey;

  /** The pod's workload, which it carries as `app`. */
  readonly app: string;

  /** The port of the pod that clients connect to. */
  readonly port = clients.targetPort;

  constructor(scope: Construct, id: string, props: MongoProps) {
    super(scope, id);
    const { name = id, user = "pipeline", replicas = 1, database } = props;
    const { serviceName = `${name}-service`, nodesServiceName = `${name}-nodes` } = props;
    if (replicas !== 1) {
      throw new Error(
        `Cannot run ${name} in any number of pods but one: nothing copies data from one to another: current value of replicas is ${replicas}`,
      );
    }
    const secretName = props.secretName ?? name;
    const address = `${serviceName}:${clients.targetPort}/${database}?authSource=admin`;
    this.app = name;
    this.url = { secret: secretName, key: "url" };
    this.secret = {
      name: secretName,
      random: ["password"],
      derived: { url: `mongodb://${user}:${placeOf("password")}@${address}` },
    };
    new StatefulServer(this, "server", {
      ...props,
      name,
      replicas,
      component: "store",
      defaultImage: "mongo:8.0",
      user: 999,
      nodesService: nodesServiceName,
      ports: [clients],
      fronts: [{ name: serviceName, ports: [clients] }],
      env: {
        MONGO_INITDB_ROOT_USERNAME: user,
        MONGO_INITDB_ROOT_PASSWORD: { secret: secretName, key: "password" },
      },
      dataPath: "/data/db",
      scratchPaths: ["/data/configdb", "/tmp"],
      probes: {
        startup: { tcpSocket: port, periodSeconds: 2, failureThreshold: 60 },
        readiness: { tcpSocket: port, periodSeconds: 5, timeoutSeconds: 3 },
        liveness: { ...ping, periodSeconds: 60, failureThreshold: 3 },
      },
      defaultResources: {
        cpuRequestMillis: 50,
        cpuLimitMillis: 1_000,
        memoryRequestMiB: 256,
        memoryLimitMiB: 768,
      },
      secret: this.secret,
    });
  }
  /** Its pod, for the policies of the network. */
  get peer(): PolicyPeer {
    return { app: this.app };
  }
}
