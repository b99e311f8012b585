/** Groups under Kubernetes' own domain that clusters get with somebody else's controllers. */
const brought = new Set(["autoscaling.k8s.io", "gateway.networking.k8s.io"]);

/** Whether every cluster has a kind's schema, by its API version: groups of operators have a domain of their own. */
export function isBuiltIn(apiVersion: string): boolean {
  const [group = "", version] = apiVersion.split("/");
  if (version === undefined || !group.includes(".")) return true;
  return group.endsWith(".k8s.io") && !brought.has(group);
}
