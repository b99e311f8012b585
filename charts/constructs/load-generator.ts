import type { Service } from "cdk8s-plus-28";
import { KubeConfigMap } from "cdk8s-plus-28/lib/imports/k8s";
import { Construct } from "constructs";
import { Account } from "./account.ts";
import type { EdgeRoute } from "./edge.ts";
import { Front } from "./front.ts";
import { K6Jobs } from "./load-generator-k6.ts";
import { LocustPods, locustPort, masterPort } from "./load-generator-locust.ts";
import { type LoadWorkload, scriptKey } from "./load-generator-parts.ts";
import { type LoadGeneratorProps, refuseLoad } from "./load-generator-props.ts";
import { loadScripts } from "./load-generator-scripts.ts";
import type { PolicyEdge } from "./network-policies.ts";

/**
 * Load on a pipeline, by the scripts of `loadtest/` as they stood at synth: Locust with its page, and k6 as a suspended
 * CronJob, so that applying starts no load. Both compare at the end what was acknowledged with what the board says was
 * stored. A k6 job is started by
 *
 *     kubectl -n NAMESPACE create job --from=cronjob/k6 k6-1
 *
 * and a run of Locust without its page by
 *
 *     kubectl -n NAMESPACE exec deploy/locust -- env PAUSE=0 REQUESTS=10000 CHECK=require locust --headless
 */
export class LoadGenerator extends Construct {
  /** Where requests go. */
  readonly target: string;

  /** The way of an Ingress to Locust's page, whose path is handed on as it is. */
  readonly route: EdgeRoute;

  /** The workloads that make requests, which their pods carry as `app`. */
  readonly apps: readonly string[];

  /** Locust's page, as the far end of an edge of the network. */
  readonly page: Omit<PolicyEdge, "from">;

  /** What its own pods say to each other. */
  readonly edges: readonly PolicyEdge[];

  /** The labels of all pods that make requests. */
  readonly podLabels: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: LoadGeneratorProps) {
    super(scope, id);
    refuseLoad(props);
    this.target = props.target;
    const { name = "locust", k6Name = "k6" } = props;
    this.podLabels = {
      "app.kubernetes.io/component": "load-generator",
      "app.kubernetes.io/part-of": props.pipeline,
    };
    const labels = this.podLabels;
    const scripts = loadScripts(props.pipeline);
    const configMap = `${name}-scripts`;
    new KubeConfigMap(this, "scripts", {
      metadata: { name: configMap, labels },
      data: Object.fromEntries([...scripts.files].map(([file, text]) => [scriptKey(file), text])),
    });
    const service = addLocust(this, { props, scripts, configMap, name, labels });
    const workers = (props.workers ?? 0) > 0 ? [`${name}-worker`] : [];
    this.route = { path: props.path ?? "/locust", service, port: locustPort };
    this.apps = [name, ...workers, k6Name];
    this.page = { to: { app: name }, ports: [locustPort] };
    this.edges = workers.map((app) => ({ from: { app }, to: { app: name }, ports: [masterPort] }));
    new Account(this, "k6-account", { name: k6Name, labels });
    new K6Jobs(this, "k6", { props, scripts, configMap, name: k6Name, labels });
  }
}

/** The pod with the page, its workers where there are any, and their Services; returns that of the page. */
function addLocust(scope: Construct, locust: LoadWorkload): Service {
  const { name, labels, props } = locust;
  const { workers = 0 } = props;
  const front = (service: string, port: { readonly name: string; readonly targetPort: number }) =>
    new Front(scope, service, { name: service, ports: [port], selector: { app: name }, labels });
  new Account(scope, "account", { name, labels });
  new LocustPods(scope, "locust", { ...locust, role: { kind: workers > 0 ? "master" : "alone" } });
  if (workers > 0) {
    const masterHost = `${name}-master`;
    front(masterHost, { name: "master", targetPort: masterPort });
    const worker = { ...locust, name: `${name}-worker` };
    new Account(scope, "worker-account", { name: worker.name, labels });
    const role = { kind: "worker", masterHost, pods: workers } as const;
    new LocustPods(scope, "workers", { ...worker, role });
  }
  return front(`${name}-service`, { name: "http", targetPort: locustPort }).service;
}
