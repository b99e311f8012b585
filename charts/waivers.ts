/** The linters of `dist/`. Our own rules go by kube-linter's names: what is waived for one is waived for the other. */
export type LinterName = "kube-linter" | "checkov" | "kube-score";

/** What linters may go on saying of our manifests. */
export interface Waiver {
  /** The checks, under the names that their linters have for them. */
  readonly checks: Readonly<Partial<Record<LinterName, readonly string[]>>>;

  /**
   * The objects, as `<chart> <Kind> <name>`, where `*` stands for anything.
   * @default all
   */
  readonly objects?: readonly string[];

  /** Why it stays, in a sentence. */
  readonly reason: string;
}

/** All that is waived. One that no longer matches anything is a fault as well. */
export const waivers: readonly Waiver[] = [
  {
    checks: { "kube-linter": ["image-not-pinned-by-digest"], checkov: ["CKV_K8S_43"] },
    reason:
      "Our images have a digest only once a user has built them; every tag names a version, and charts refuse one that moves.",
  },
  {
    checks: { checkov: ["CKV_K8S_15"], "kube-score": ["container-image-pull-policy"] },
    reason:
      "A node uses the image that it has: no start waits for a registry, and no tag's new meaning comes in with a restart.",
  },
  {
    checks: { "kube-linter": ["read-secret-from-env-var"], checkov: ["CKV_K8S_35"] },
    reason:
      "Users know our services' variables for addresses and passwords from the reference deployments; the images of brokers and stores take theirs the same way.",
  },
  {
    checks: { "kube-linter": ["env-value-from"] },
    reason:
      "Secrets are made on the cluster, by a Job or by Strimzi's operator, so that no password stands in a manifest.",
  },
  {
    checks: { "kube-linter": ["access-to-secrets"] },
    objects: ["* RoleBinding secrets"],
    reason: "The account of that Job may create Secrets and do nothing else: it can read none.",
  },
  {
    checks: {
      checkov: ["CKV_K8S_40"],
      "kube-score": ["container-security-context-user-group-id"],
    },
    objects: ["* StatefulSet *", "* Deployment locust"],
    reason: "The users are those of images that we do not build, whose files belong to them.",
  },
  {
    checks: {
      "kube-linter": ["minimum-three-replicas", "hpa-minimum-three-replicas"],
      "kube-score": ["deployment-replicas", "horizontalpodautoscaler-replicas"],
    },
    reason:
      "The reference deployments have one or two pods of a part, and their autoscalers begin there; a chart must fit two cores. Props ask for more.",
  },
  {
    checks: { "kube-linter": ["dangling-service"], "kube-score": ["service-targets-pod"] },
    objects: ["* Service valkey", "* Service valkey-service", "* Service redis-svc"],
    reason:
      "They lead to the primary's pod by the label with its name, which the StatefulSet's controller writes.",
  },
  {
    checks: {
      "kube-linter": ["dangling-networkpolicy", "dangling-networkpolicypeer-podselector"],
      "kube-score": ["networkpolicy-targets-pod"],
    },
    objects: ["strimzi/* NetworkPolicy *", "operators/* NetworkPolicy *"],
    reason: "The pods of Kafka, RabbitMQ and MongoDB are made by their operators there.",
  },
  {
    checks: { "kube-linter": ["dangling-service"], "kube-score": ["service-targets-pod"] },
    objects: ["operators/* Service rabbitmq-*"],
    reason: "They lead to pods that RabbitMQ's operator makes.",
  },
  {
    checks: { "kube-linter": ["access-to-secrets", "kube-chainsaw-rbac"] },
    objects: [
      "operators/votaciones Role mongodb-kubernetes-appdb",
      "operators/votaciones RoleBinding mongodb-kubernetes-appdb",
    ],
    reason:
      "The agent beside MongoDB reads its plan from a Secret and marks its own pod; its operator asks for these rights under this name.",
  },
  {
    checks: {
      "kube-linter": ["dangling-service", "dangling-networkpolicy"],
      "kube-score": ["service-targets-pod", "networkpolicy-targets-pod"],
    },
    objects: ["cloud-run/private-ways Service *", "cloud-run/private-ways NetworkPolicy *"],
    reason: "They lead to pods of the chart votaciones, beside which they are applied.",
  },
  {
    checks: { "kube-linter": ["exposed-services"] },
    objects: ["cloud-run/private-ways Service *"],
    reason:
      "These load balancers are internal: they have addresses of the private network, and one range of it may connect.",
  },
  {
    checks: { checkov: ["CKV_K8S_21"] },
    objects: ["cloud-run/votaciones Service votaciones-board"],
    reason:
      "Cloud Run has projects where a cluster has namespaces, and puts the object in the one it is sent to.",
  },
  {
    checks: {
      "kube-linter": ["no-rolling-update-strategy"],
      "kube-score": ["deployment-strategy"],
    },
    objects: ["* Deployment locust"],
    reason: "A page of before would go on with its run beside the new one.",
  },
  {
    checks: { "kube-score": ["pod-probes-identical"] },
    objects: [
      "* Deployment locust",
      "*clima-app Deployment api-rust",
      "demo Deployment api",
      "* StatefulSet kafka",
      "* StatefulSet my-cluster",
    ],
    reason:
      "There is one thing to ask (Locust's page, GET / of the reference's API, what Kafka speaks), and liveness asks it less often.",
  },
  {
    checks: { "kube-linter": ["no-liveness-probe", "no-readiness-probe", "no-startup-probe"] },
    objects: ["* Job *", "* CronJob *"],
    reason: "A Job's end says how it went, and nobody is sent to its pod.",
  },
  {
    checks: { "kube-linter": ["no-startup-probe"] },
    objects: ["* Deployment *", "* StatefulSet valkey", "* StatefulSet redis-db"],
    reason:
      "Our services answer within a second, and Valkey's liveness takes loading for life: there is no start to wait for.",
  },
  {
    checks: { "kube-linter": ["restart-policy"] },
    objects: ["* CronJob k6"],
    reason: "A load run that failed is looked at, not run again over what it left.",
  },
  {
    checks: { "kube-linter": ["dnsconfig-options"] },
    reason:
      "Our names have no dot, are those of pods beside, or are written in full, where ndots changes nothing.",
  },
  {
    checks: {
      "kube-linter": ["no-node-affinity", "required-annotation-email", "required-label-owner"],
    },
    reason: "Which nodes a cluster has, and who answers for it, is known where it runs, not here.",
  },
  {
    checks: { "kube-linter": ["sorted-keys"] },
    objects: ["* ConfigMap *", "* ServiceAccount *"],
    reason: "Metadata comes right after the kind, as everywhere.",
  },
];
