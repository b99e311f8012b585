/** The part of every object that is read here. */
export interface KubeObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
}

/** A Pod, as far as it is read. */
export interface Pod extends KubeObject {
  readonly status: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
  };
}

/** A Deployment or StatefulSet, as far as it is read. */
export interface Workload extends KubeObject {
  readonly kind: "Deployment" | "StatefulSet";
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly name?: string;
          readonly ports?: readonly { readonly containerPort: number }[];
          readonly env?: readonly { readonly name: string; readonly value?: string }[];
        }[];
      };
    };
  };
  readonly status: { readonly readyReplicas?: number; readonly replicas?: number };
}

/** A HorizontalPodAutoscaler, as far as it is read. */
export interface Autoscaler extends KubeObject {
  readonly kind: "HorizontalPodAutoscaler";
  readonly spec: {
    readonly scaleTargetRef: { readonly name: string };
    readonly minReplicas?: number;
    readonly maxReplicas: number;
  };
}

/** A Service, as far as it is read. */
export interface Service extends KubeObject {
  readonly spec: { readonly clusterIP?: string };
}

/** An Ingress, as far as it is read. */
export interface Ingress extends KubeObject {
  readonly spec: {
    readonly rules?: readonly {
      readonly http?: { readonly paths: readonly { readonly path?: string }[] };
    }[];
  };
}

/** An HTTPRoute of a Gateway, as far as it is read. */
export interface HttpRoute extends KubeObject {
  readonly spec: {
    readonly rules?: readonly {
      readonly matches?: readonly { readonly path?: { readonly value?: string } }[];
    }[];
  };
}

/** A GRPCRoute of a Gateway, as far as it is read. */
export interface GrpcRoute extends KubeObject {
  readonly spec: {
    readonly hostnames?: readonly string[];
    readonly rules?: readonly {
      readonly matches?: readonly {
        readonly method?: { readonly service?: string; readonly method?: string };
      }[];
    }[];
  };
}

/** A Job, as far as it is read. */
export interface Job extends KubeObject {
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** The template of a CronJob's jobs, as far as it is read. */
export interface CronJob extends KubeObject {
  readonly spec: {
    readonly jobTemplate: {
      readonly metadata?: object;
      readonly spec: {
        readonly template: {
          readonly spec: {
            readonly containers: readonly {
              readonly env?: readonly { readonly name: string; readonly value?: string }[];
            }[];
          };
        };
      };
    };
  };
}
