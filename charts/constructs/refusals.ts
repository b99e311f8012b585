import type { Scale } from "./bun-service-props.ts";
import type { RelayPlan } from "./tweet-pipeline-props.ts";

/** The most pods that a workload can come to, apart from those of a rollout. */
export function podsMax({ replicas, autoscale, scaledTo }: Scale): number {
  return autoscale?.max ?? scaledTo ?? replicas ?? 1;
}

/**
 * Refuses what would put one balanced address before a gRPC door: a client holds one connection, which such an address
 * leads to one pod for as long as it lasts. Without it, clients find every pod by the Service's name.
 */
export function refusePinnedClients(place: string, plan: RelayPlan): void {
  if (plan.loadBalancer) {
    throw new Error(
      `Cannot lead a load balancer to ${place}: it has a gRPC door, and a balanced connection pins each client to one pod: current value of loadBalancer is true`,
    );
  }
  if (plan.httpServicePort !== undefined) {
    throw new Error(
      `Cannot give the Service of ${place} another port: it has a gRPC door, so its name stands for the pods themselves: current value of httpServicePort is ${plan.httpServicePort}`,
    );
  }
}

/** Refuses Kafka consumers that could never have work. */
export function refuseIdleConsumers(place: string, pods: number, partitions: number): void {
  if (pods <= partitions) return;
  throw new Error(
    `Cannot run ${place} in ${pods} pods: each partition feeds one consumer, so the others stay idle: current value is ${partitions} partitions`,
  );
}
