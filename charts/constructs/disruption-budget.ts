import { IntOrString, KubePodDisruptionBudget } from "cdk8s-plus-28/lib/imports/k8s";
import { Construct } from "constructs";

/** What a `DisruptionBudget` is made of. */
export interface DisruptionBudgetProps {
  /** The workload's name, which its pods carry as `app`. */
  readonly app: string;

  /**
   * How many of its pods a drain may take at once, at least one: with none, no node could ever be emptied.
   * @default 1
   */
  readonly maxUnavailable?: number;

  /**
   * Labels of the budget.
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * How many pods of a workload may be away on purpose. One that is not ready may always be taken: it serves nobody, and a
 * budget that kept it would hold up the drain that could heal it.
 */
export class DisruptionBudget extends Construct {
  constructor(scope: Construct, id: string, props: DisruptionBudgetProps) {
    super(scope, id);
    const { app, maxUnavailable = 1, labels = {} } = props;
    if (!Number.isInteger(maxUnavailable) || maxUnavailable < 1) {
      throw new Error(
        `Cannot keep a budget of ${app}: with no pod that may be away, no node can be emptied: current value of maxUnavailable is ${maxUnavailable}`,
      );
    }
    new KubePodDisruptionBudget(this, "budget", {
      metadata: { name: app, labels },
      spec: {
        selector: { matchLabels: { app } },
        maxUnavailable: IntOrString.fromNumber(maxUnavailable),
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    });
  }
}
