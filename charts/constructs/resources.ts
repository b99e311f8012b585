import { Size } from "cdk8s";
import { type ContainerResources, Cpu } from "cdk8s-plus-28";

/** What a container asks for and may take. */
export interface Resources {
  /**
   * The CPU that is kept for it, in thousandths of a core.
   * @default none
   */
  readonly cpuRequestMillis?: number;

  /**
   * The CPU that it may take, in thousandths of a core.
   * @default no limit
   */
  readonly cpuLimitMillis?: number;

  /**
   * The memory that is kept for it, in MiB.
   * @default none
   */
  readonly memoryRequestMiB?: number;

  /**
   * The memory that it may take, in MiB; what takes more is killed.
   * @default no limit
   */
  readonly memoryLimitMiB?: number;
}

/** What the reference gives its API, and enough for each of our services. */
export const defaultResources: Resources = {
  cpuRequestMillis: 100,
  cpuLimitMillis: 500,
  memoryRequestMiB: 128,
  memoryLimitMiB: 512,
};

/** The resources as containers take them. */
export function containerResources(resources: Resources): ContainerResources {
  const { cpuRequestMillis, cpuLimitMillis, memoryRequestMiB, memoryLimitMiB } = resources;
  return {
    cpu: {
      ...(cpuRequestMillis === undefined ? {} : { request: Cpu.millis(cpuRequestMillis) }),
      ...(cpuLimitMillis === undefined ? {} : { limit: Cpu.millis(cpuLimitMillis) }),
    },
    memory: {
      ...(memoryRequestMiB === undefined ? {} : { request: Size.mebibytes(memoryRequestMiB) }),
      ...(memoryLimitMiB === undefined ? {} : { limit: Size.mebibytes(memoryLimitMiB) }),
    },
  };
}
