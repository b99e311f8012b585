import { Chart } from "cdk8s";
import { Namespace } from "cdk8s-plus-28";
import { Construct } from "constructs";
import { patchNamespace } from "./patches.ts";

/**
 * The chart's namespace, in which every pod must pass Pod Security "restricted". It comes first in a chart, for what is
 * applied before it would find no place.
 */
export class Space extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { namespace } = Chart.of(this);
    if (namespace === undefined) {
      throw new Error("Cannot make a namespace: the chart has none: current value is undefined");
    }
    const labels = {
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    };
    patchNamespace(new Namespace(this, "namespace", { metadata: { name: namespace, labels } }));
  }
}
