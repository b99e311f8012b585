const component = "app.kubernetes.io/component";
const closed = new Set(["broker", "store"]);

/**
 * Keeps what only the pipeline's services use inside of the cluster; the labels of its Service tell.
 *
 * @throws Error for a broker or a store, where `way` would lead to it from outside.
 */
export function refusePublic(
  service: string,
  labels: Readonly<Record<string, string | undefined>>,
  way: string,
): void {
  const part = labels[component];
  if (part === undefined || !closed.has(part)) return;
  throw new Error(
    `Cannot show ${service} outside of the cluster: it is a ${part}, for the pipeline's services alone: current value is ${way}`,
  );
}
