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

  /**
   * The disk of its node that is kept for it, in MiB: for its log, what it writes outside of volumes, temporary volumes.
   * @default 16
   */
  readonly diskRequestMiB?: number;

  /**
   * The disk of its node that it may take, in MiB; a pod that takes more is evicted.
   * @default 256
   */
  readonly diskLimitMiB?: number;
}

/** The disk that a container asks for and may take: it has bounds though nobody names them. */
export function diskOf({ diskRequestMiB = 16, diskLimitMiB = 256 }: Resources) {
  return { diskRequestMiB, diskLimitMiB };
}

/** What the reference gives its API, and enough for each of our services. */
export const defaultResources: Resources = {
  cpuRequestMillis: 100,
  cpuLimitMillis: 500,
  memoryRequestMiB: 128,
  memoryLimitMiB: 512,
};

/** The resources as containers of cdk8s-plus-28 take them, but for the disk, which it counts in whole GiB. */
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
