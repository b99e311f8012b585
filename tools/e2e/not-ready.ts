import type { Kubectl } from "./kubectl.ts";
import type { Pod } from "./objects.ts";

const eventsShown = 3;
const logLines = 5;
const podsShown = 5;

/** Whether a pod serves, or has done what it was made for. */
export function isReady({ metadata, status }: Pod): boolean {
  if (status.phase === "Succeeded") return true;
  if (metadata.deletionTimestamp !== undefined) return false;
  return (status.conditions ?? []).some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
}

/** What a pod's status says of it in a few words. */
export function stateOf({ status }: Pod): string {
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const states = all.flatMap(({ name, ready, restartCount, state }) => {
    const reason = state?.waiting?.reason ?? state?.terminated?.reason;
    const code = state?.terminated?.exitCode;
    if (ready || code === 0) return [];
    const said = [reason ?? "not ready", code === undefined ? "" : `code ${code}`];
    const restarts = restartCount > 0 ? `${restartCount} restarts` : "";
    return [`${name} ${[...said, restarts].filter(Boolean).join(", ")}`];
  });
  return [status.phase ?? "unknown", ...states].join("; ");
}

/** Why pods are not ready: their state, their last events and the last lines of their logs. */
export async function whyNotReady(cluster: Kubectl, pods: readonly Pod[]): Promise<string> {
  const late = pods.filter((pod) => !isReady(pod));
  const said = late.slice(0, podsShown).map(async (pod) => {
    const { name } = pod.metadata;
    const [events, log] = await Promise.all([eventsOf(cluster, name), logOf(cluster, name)]);
    return [`${name}: ${stateOf(pod)}`, ...events, ...log].join("\n    ");
  });
  const names = late.map(({ metadata }) => metadata.name).join(", ");
  return [names || "there are no pods", ...(await Promise.all(said))].join("\n  ");
}

async function eventsOf(cluster: Kubectl, pod: string): Promise<readonly string[]> {
  const columns = "custom-columns=R:.reason,M:.message";
  const args = ["get", "events", "--field-selector", `involvedObject.name=${pod}`];
  const { stdout } = await cluster.attempt([...args, "--no-headers", "--output", columns]);
  return lastLines(stdout, eventsShown).map((line) => `event ${line}`);
}

async function logOf(cluster: Kubectl, pod: string): Promise<readonly string[]> {
  const args = ["logs", pod, "--all-containers", `--tail=${logLines}`];
  const [before, now] = await Promise.all([
    cluster.attempt([...args, "--previous"]),
    cluster.attempt(args),
  ]);
  return [...lastLines(before.stdout, logLines), ...lastLines(now.stdout, logLines)].map(
    (line) => `log ${line}`,
  );
}

function lastLines(text: string, count: number): readonly string[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count);
}
