import { KubeCronJob } from "cdk8s-plus-28/lib/imports/k8s";
import { Construct } from "constructs";
import {
  keyVariables,
  type LoadWorkload,
  loadPod,
  loadResources,
  scriptsFolder,
  scriptVariables,
  variables,
  workloadLabels,
} from "./load-generator-parts.ts";
import { quantities } from "./server-pod.ts";

const image = "grafana/k6:2.2.0";
/** The user `k6` of the image, which names it by a word. */
const k6User = 12_345;

/** A run may last two hours, and the check after it some minutes. */
const deadlineS = 7_800;

/** How many jobs that went well can be looked at, and how many that did not. */
const keptMax = 10;

/** How late a job may start that could not at its time: no later, where somebody lets the CronJob run. */
const startsWithinS = 600;

/**
 * What k6 jobs are made from: a CronJob that is suspended for good. A suspended Job would be no less idle, but it runs
 * only once and has to be deleted before it can be applied again.
 */
export class K6Jobs extends Construct {
  constructor(scope: Construct, id: string, workload: LoadWorkload) {
    super(scope, id);
    const { name, props, scripts } = workload;
    const { target, users = 10, requests, k6Resources = loadResources } = props;
    const labels = workloadLabels(workload);
    const pod = loadPod(workload, k6User, {
      name: "k6",
      image,
      args: ["run", "--quiet", `${scriptsFolder}/${scripts.k6}`],
      env: [
        ...variables({
          BASE_URL: target,
          USERS: `${users}`,
          REQUESTS: requests?.toString(),
          ...scriptVariables(props),
          CHECK: "require",
          K6_NO_USAGE_REPORT: "true",
        }),
        ...keyVariables(props),
      ],
      resources: quantities(k6Resources),
    });
    new KubeCronJob(this, "cronjob", {
      metadata: { name, labels },
      spec: {
        suspend: true,
        // Never looked at while it is suspended; there must be one.
        schedule: "0 0 1 1 *",
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds: startsWithinS,
        successfulJobsHistoryLimit: keptMax,
        failedJobsHistoryLimit: keptMax,
        jobTemplate: {
          metadata: { labels },
          spec: {
            backoffLimit: 0,
            activeDeadlineSeconds: deadlineS,
            template: { metadata: { labels }, spec: { ...pod, restartPolicy: "Never" } },
          },
        },
      },
    });
  }
}
