import { HttpIngressPathType, Ingress, IngressBackend, type Service } from "cdk8s-plus-28";
import { Construct } from "constructs";
import { refusePublic } from "./refuse-public.ts";

/** Where requests under a path go. */
export interface EdgeRoute {
  /** The path; what lies below it goes the same way, the longest path first. */
  readonly path: string;

  /** The Service that answers. */
  readonly service: Service;

  /** The Service's port. */
  readonly port: number;
}

/** What an `Edge` is made of. */
export interface EdgeProps {
  /** The Ingress's name. */
  readonly name: string;

  /** The routes, one for each path. */
  readonly routes: readonly EdgeRoute[];

  /**
   * The Ingress class that serves it.
   * @default the cluster's default class
   */
  readonly className?: string | undefined;

  /**
   * The host name that requests carry.
   * @default any
   */
  readonly host?: string | undefined;

  /**
   * Labels of the Ingress.
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * The way in: a plain Ingress, without annotations of any controller, which hands paths on as they are. None
 * may lead to a broker or a store.
 */
export class Edge extends Construct {
  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id);
    for (const { path, service } of props.routes) {
      const { name = "a Service", labels = {} } = service.metadata.toJson();
      refusePublic(name, labels, `path ${path} of the Ingress`);
    }
    new Ingress(this, "ingress", {
      metadata: { name: props.name, labels: { ...props.labels } },
      ...(props.className === undefined ? {} : { className: props.className }),
      rules: props.routes.map(({ path, service, port }) => ({
        ...(props.host === undefined ? {} : { host: props.host }),
        path,
        pathType: HttpIngressPathType.PREFIX,
        backend: IngressBackend.fromService(service, { port }),
      })),
    });
  }
}
