import type { Scale } from "./bun-service-props.ts";

/** The most pods that a workload can come to, apart from those of a rollout. */
export function podsMax({ replicas, autoscale }: Scale): number {
  return autoscale?.max ?? replicas ?? 1;
}

/**
 * Refuses more than one pod behind a gRPC door: a gRPC client holds one connection, which a Service leads to one pod for
 * as long as it lasts.
 */
export function refusePinnedClients(place: string, pods: number): void {
  if (pods <= 1) return;
  throw new Error(
    `Cannot run ${place} in several pods: gRPC through a balancing Service pins each client to one of them: current value is ${pods}`,
  );
}

/** Refuses Kafka consumers that could never have work. */
export function refuseIdleConsumers(place: string, pods: number, partitions: number): void {
  if (pods <= partitions) return;
  throw new Error(
    `Cannot run ${place} in ${pods} pods: each partition feeds one consumer, so the others stay idle: current value is ${partitions} partitions`,
  );
}
