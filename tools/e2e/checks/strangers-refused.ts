import { workloadsThat } from "../chart-under-test.ts";
import type { Check, CheckContext } from "../check.ts";
import { kubectl } from "../kubectl.ts";
import type { Pod, Service } from "../objects.ts";
import { reachable, type Target } from "../probe-pod.ts";

/**
 * A pod with a consumer's labels reaches a broker and a store; one without labels, and one of another namespace, reach
 * neither. Addresses are tried, not names: who may not ask for names either would be refused for the wrong reason.
 */
export const strangersRefused: Check = {
  name: "strangers cannot reach brokers and stores, consumers can",
  run: async (context) => {
    const { chart, cluster, signal, say } = context;
    const targets = await targetsOf(context);
    const [consumer] = workloadsThat(chart, "consumer");
    const labels = consumer?.metadata.labels ?? {};
    say("probing as a consumer");
    const own = await reachable({ cluster, labels, targets, signal });
    for (const component of ["broker", "store"]) {
      if (![...own].some((target) => target.component === component)) {
        throw new Error(`A pod with a consumer's labels reaches no ${component}`);
      }
    }
    say("probing without labels");
    const near = await reachable({ cluster, labels: {}, targets, signal });
    const far = await fromOutside(context, targets);
    const open = [
      ...[...near].map(({ name }) => `${name} from a pod without labels`),
      ...[...far].map(({ name }) => `${name} from another namespace`),
    ];
    if (open.length > 0) throw new Error(`Strangers can reach ${open.join(", ")}`);
    return `${targets.length} ports refused to 2 strangers; a consumer reaches ${[...own].map(({ name }) => name).join(", ")}`;
  },
};

interface PartTarget extends Target {
  readonly component: string;
}

/** Every port of a pod of each broker and store. */
async function targetsOf({ chart, cluster }: CheckContext): Promise<readonly PartTarget[]> {
  const parts = ["broker", "store"].flatMap((component) =>
    workloadsThat(chart, component).map((workload) => ({ component, workload })),
  );
  const targets = parts.map(async ({ component, workload }) => {
    const [pod] = await cluster.list<Pod>("pods", workload.spec.selector.matchLabels);
    const address = pod?.status.podIP;
    if (address === undefined) throw new Error(`${workload.metadata.name} has no pod to probe`);
    const ports = workload.spec.template.spec.containers.flatMap((each) => each.ports ?? []);
    return ports.map(({ containerPort: port }) => {
      return { name: `${workload.metadata.name}:${port}`, address, port, component };
    });
  });
  return (await Promise.all(targets)).flat();
}

/** What another namespace reaches; that it reaches the cluster's names proves that the probe works. */
async function fromOutside(
  { chart, cluster, signal, say }: CheckContext,
  targets: readonly Target[],
): Promise<ReadonlySet<Target>> {
  const namespace = `${chart.namespace}-stranger`;
  say(`probing from ${namespace}`);
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await cluster.apply([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } },
  ]);
  try {
    const dns = await namesTarget(cluster);
    const outside = cluster.within(namespace);
    const reached = await reachable({
      cluster: outside,
      labels: {},
      targets: [...targets, dns],
      signal,
    });
    if (!reached.has(dns)) throw new Error(`A pod of ${namespace} cannot even reach ${dns.name}`);
    return new Set([...reached].filter((target) => target !== dns));
  } finally {
    // Even when it was interrupted: without the signal.
    await kubectl(namespace).remove("namespace", namespace);
  }
}

async function namesTarget(cluster: CheckContext["cluster"]): Promise<Target> {
  const system = cluster.within("kube-system");
  const [service] = await system.list<Service>("services", { "k8s-app": "kube-dns" });
  const address = service?.spec.clusterIP;
  if (address === undefined) throw new Error("Cannot find the Service of the cluster's names");
  return { name: "the cluster's names", address, port: 53 };
}
