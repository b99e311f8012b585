/** How many pods of a consumer run, by what waits for it. */
export interface LagScale {
  /**
   * The fewest pods; with 0, none runs while nothing waits.
   * @default 1
   */
  readonly min?: number;

  /**
   * The most pods. Of a Kafka lane no more than the topic has partitions: each partition feeds one consumer.
   * @default as many as the topic has partitions
   */
  readonly max?: number;

  /**
   * How many messages may wait for each pod before there is another one.
   * @default 1,000
   */
  readonly perPod?: number;

  /**
   * The mean CPU to hold the pods at as well, in percent of what they request: the greater number of pods wins.
   * @default it is not looked at
   */
  readonly cpuPercent?: number;

  /**
   * The name of the autoscaler that KEDA makes, or takes over where it is there.
   * @default the workload's name and `-hpa`
   */
  readonly name?: string;

  /**
   * How often KEDA looks whether something waits, in seconds; it matters where `min` is 0. From one pod on, the cluster's
   * autoscaler looks, every 15 s.
   * @default 10
   */
  readonly everyS?: number;

  /**
   * How long nothing must wait before the last pod goes, in seconds; it matters where `min` is 0.
   * @default 300
   */
  readonly idleS?: number;

  /**
   * The fewest pods while the broker cannot be asked; what runs beyond it goes on.
   * @default `min`, at least 1
   */
  readonly blind?: number;
}

/** The same with all that is not said. */
export type LagPlan = Required<Omit<LagScale, "cpuPercent">> & Pick<LagScale, "cpuPercent">;

/**
 * What holds of a workload's scaling.
 *
 * @throws Error for numbers that cannot be.
 */
export function lagPlan(workload: string, scale: LagScale, partitions: number): LagPlan {
  const { min = 1, max = Math.max(partitions, min), perPod = 1_000 } = scale;
  const plan: LagPlan = {
    min,
    max,
    perPod,
    name: scale.name ?? `${workload}-hpa`,
    everyS: scale.everyS ?? 10,
    idleS: scale.idleS ?? 300,
    blind: scale.blind ?? Math.max(min, 1),
    ...(scale.cpuPercent === undefined ? {} : { cpuPercent: scale.cpuPercent }),
  };
  refuse(workload, "min", min, min >= 0, "there cannot be fewer than no pods");
  refuse(workload, "max", max, max >= Math.max(min, 1), `there are ${min} pods at least, and one`);
  refuse(workload, "perPod", perPod, perPod >= 1, "one message at least waits for a pod");
  refuse(workload, "everyS", plan.everyS, plan.everyS >= 1, "KEDA looks once a second at most");
  refuse(workload, "idleS", plan.idleS, plan.idleS >= 0, "nothing waits for no time at least");
  const { blind } = plan;
  refuse(workload, "blind", blind, blind >= 0 && blind <= max, `there are ${max} pods at most`);
  return plan;
}

function refuse(workload: string, prop: string, value: number, fits: boolean, why: string): void {
  if (fits && Number.isInteger(value)) return;
  throw new Error(
    `Cannot scale ${workload} by what waits: ${why}, in whole numbers: current value of ${prop} is ${value}`,
  );
}
