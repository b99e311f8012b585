import { ApiObject } from "cdk8s";
import { Construct } from "constructs";

/** A workload whose pods may be looked at. */
export interface Recommended {
  /** What it is. */
  readonly kind: string;

  /** Where it is, and what people call it. */
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** What a `Recommender` is made of. */
export interface RecommenderProps {
  /** The workload. */
  readonly target: Recommended;
}

/** The `VerticalPodAutoscaler`, as far as it is written here. */
interface VerticalPodAutoscalerSpec {
  readonly targetRef: {
    readonly apiVersion: "apps/v1";
    readonly kind: string;
    readonly name: string;
  };
  readonly updatePolicy: { readonly updateMode: "Off" };
  readonly resourcePolicy: {
    readonly containerPolicies: readonly {
      readonly containerName: "*";
      readonly controlledResources: readonly ("cpu" | "memory")[];
    }[];
  };
}

/** The kinds of workloads that are looked at: what runs on. */
export const recommendedKinds: readonly string[] = ["Deployment", "StatefulSet"];

/**
 * A VerticalPodAutoscaler that only says what a workload's pods should ask for (`kubectl describe vpa NAME`): it evicts nobody and
 * changes nothing, so that it may stand beside an autoscaler by CPU, whose measure it would otherwise move.
 */
export class Recommender extends Construct {
  constructor(scope: Construct, id: string, { target }: RecommenderProps) {
    super(scope, id);
    const { kind, metadata } = target;
    const { name, namespace, labels = {} } = metadata;
    const spec: VerticalPodAutoscalerSpec = {
      targetRef: { apiVersion: "apps/v1", kind, name },
      updatePolicy: { updateMode: "Off" },
      resourcePolicy: {
        containerPolicies: [{ containerName: "*", controlledResources: ["cpu", "memory"] }],
      },
    };
    new ApiObject(this, "recommender", {
      apiVersion: "autoscaling.k8s.io/v1",
      kind: "VerticalPodAutoscaler",
      metadata: { name, labels: { ...labels }, ...(namespace === undefined ? {} : { namespace }) },
      spec,
    });
  }
}
