import { Chart } from "cdk8s";
import type { Construct } from "constructs";
import { type Recommended, Recommender, recommendedKinds } from "./constructs/recommender.ts";

/** What a `RecommendationsChart` is made of. */
export interface RecommendationsProps {
  /** The chart whose workloads are looked at. */
  readonly of: Chart;
}

/** Beside a chart: what each of its workloads should ask for, by VerticalPodAutoscalers that change nothing. */
export class RecommendationsChart extends Chart {
  constructor(scope: Construct, id: string, props: RecommendationsProps) {
    super(scope, id, { disableResourceNameHashes: true });
    const objects = props.of.toJson() as readonly Recommended[];
    for (const target of objects.filter(({ kind }) => recommendedKinds.includes(kind))) {
      new Recommender(this, target.metadata.name, { target });
    }
  }
}
