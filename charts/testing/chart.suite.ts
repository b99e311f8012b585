import { describe, expect, test } from "bun:test";
import { isBuiltIn } from "./built-in.ts";
import { at, type Manifest } from "./manifest.ts";
import { schemaFaults } from "./schema-faults.ts";
import { containersOf, podOf, workloadsOf } from "./workloads.ts";

const unclaimed = new Set(["Namespace", "Job", "CronJob"]);

/** The cores of the smallest machine that a chart must fit on, in thousandths, with room for a rollout. */
const cpuMillisMax = 1_800;

/** Whether an account is for pods that an operator makes. */
function isOperators(account: string): boolean {
  return account === "mongodb-kubernetes-appdb";
}

function millis(quantity: string | undefined): number {
  if (quantity === undefined) return 0;
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) : Number(quantity) * 1_000;
}

/** What every chart of ours promises, whatever pipeline it holds. */
export function chartSuite(name: string, manifests: readonly Manifest[]): void {
  const workloads = workloadsOf(manifests);
  const namespace = manifests[0]?.metadata.name;
  const named = (each: Manifest) => `${each.kind} ${each.metadata.name}`;

  describe(`every chart: ${name}`, () => {
    // What an operator brings has a schema of its own.
    const known = manifests.filter(({ apiVersion }) => isBuiltIn(apiVersion));
    test.each(known.map((each) => [named(each), each] as const))(
      "%s fits the schema",
      (_, each) => {
        expect(schemaFaults(each)).toEqual([]);
      },
    );

    test("makes its namespace first, where only restricted pods may run", () => {
      expect(manifests[0]).toMatchObject({ kind: "Namespace" });
      expect(at(manifests[0], "metadata.labels")).toMatchObject({
        "pod-security.kubernetes.io/enforce": "restricted",
      });
      const others = new Set(manifests.slice(1).map(({ metadata }) => metadata.namespace));
      expect([...others]).toEqual([namespace]);
    });

    test("names every object once and without a hash", () => {
      const names = manifests.map(named);
      expect(new Set(names).size).toBe(names.length);
      expect(JSON.stringify(manifests)).not.toContain("cdk8s.io/");
    });

    test("holds no Secret and no password", () => {
      expect(manifests.filter(({ kind }) => kind === "Secret")).toEqual([]);
      // Places that a password is put into are none.
      const clear = JSON.stringify(manifests).replaceAll(/:\{\{[\w-]+\}\}@/g, "");
      expect(clear.match(/:\/\/[^/"\s]*:[^/"\s]+@[^"\s]*/g) ?? []).toEqual([]);
    });

    test("runs every pod as nobody, under an account of its own, with nothing it does not need", () => {
      for (const workload of workloads) {
        const pod = at(podOf(workload), "spec");
        expect([named(workload), at(pod, "securityContext.runAsNonRoot")]).toEqual([
          named(workload),
          true,
        ]);
        expect(at(pod, "automountServiceAccountToken")).toBe(false);
        expect(at(pod, "serviceAccountName")).toBeString();
        expect(at(pod, "enableServiceLinks")).toBe(false);
        for (const { securityContext, resources } of containersOf(workload)) {
          expect(securityContext).toMatchObject({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          });
          const bounded = ["cpu", "ephemeral-storage", "memory"];
          expect(Object.keys(resources?.requests ?? {}).sort()).toEqual(bounded);
          expect(Object.keys(resources?.limits ?? {}).sort()).toEqual(bounded);
        }
      }
    });

    test("has an account for each workload", () => {
      const accounts = workloads.map((each) => at(podOf(each), "spec.serviceAccountName"));
      expect(new Set(accounts).size).toBe(workloads.length);
      const made = manifests.filter(({ kind }) => kind === "ServiceAccount");
      const own = made.map(({ metadata }) => metadata.name).filter((each) => !isOperators(each));
      expect(own.sort()).toEqual(accounts.map(String).sort());
    });

    test("names images whose tag is a version, and never fetches one that is there", () => {
      for (const { image, imagePullPolicy } of workloads.flatMap(containersOf)) {
        expect(image).toMatch(/^[\w./:-]+:v?\d+\.\d+[\w.-]*$/);
        expect(imagePullPolicy).toBe("IfNotPresent");
      }
    });

    test("leads every Service to pods that show its ports", () => {
      for (const service of manifests.filter(({ kind }) => kind === "Service")) {
        const selector = at(service, "spec.selector") as Record<string, string>;
        const { app } = selector;
        const behind = workloads.find(
          ({ kind, metadata }) => !unclaimed.has(kind) && metadata.name === app,
        );
        expect([named(service), behind?.metadata.name]).toEqual([named(service), app]);
        if (behind === undefined) continue;
        const shown = containersOf(behind).flatMap(({ ports = [] }) => ports);
        for (const { targetPort } of at(service, "spec.ports") as { targetPort: number }[]) {
          expect(shown.map(({ containerPort }) => containerPort)).toContain(targetPort);
        }
      }
    });

    test("lets nobody connect but along the edges that it names", () => {
      const policies = manifests.filter(({ kind }) => kind === "NetworkPolicy");
      expect(policies.map(({ metadata }) => metadata.name)).toContain("default-deny");
      for (const { kind, metadata } of workloads) {
        const app = kind === "Job" ? "secrets" : metadata.name;
        expect(policies.map((each) => each.metadata.name)).toContain(`allow-${app}`);
      }
    });

    test("keeps a budget for whatever runs in several pods", () => {
      const budgets = manifests.filter(({ kind }) => kind === "PodDisruptionBudget");
      const scaled = manifests
        .filter(({ kind }) => ["HorizontalPodAutoscaler", "ScaledObject"].includes(kind))
        .map((each) => at(each, "spec.scaleTargetRef.name"));
      const several = workloads.filter(
        (each) => Number(at(each, "spec.replicas") ?? 1) > 1 || scaled.includes(each.metadata.name),
      );
      const covered = budgets.map(({ metadata }) => metadata.name);
      expect(
        several.map(({ metadata }) => metadata.name).filter((each) => !covered.includes(each)),
      ).toEqual([]);
    });

    test("fits two cores, a rollout included", () => {
      const sum = workloads
        .filter(({ kind }) => kind !== "Job" && kind !== "CronJob")
        .reduce((total, each) => {
          const pods = Number(at(each, "spec.replicas") ?? 1);
          const [cpu = 0] = containersOf(each).map(({ resources }) =>
            millis(resources?.requests?.cpu),
          );
          return total + pods * cpu;
        }, 0);
      expect(sum).toBeLessThanOrEqual(cpuMillisMax);
    });
  });
}
