import type { ChartUnderTest } from "./chart-under-test.ts";
import type { Kubectl } from "./kubectl.ts";

/** What a check works on. */
export interface CheckContext {
  readonly chart: ChartUnderTest;
  /** The cluster, in the chart's namespace. */
  readonly cluster: Kubectl;
  /** Where the Ingress answers from here. */
  readonly ingress: URL;
  /** Where the Ingress answers from pods; undefined: where the chart's own load goes. */
  readonly ingressInside: URL | undefined;
  readonly requests: number;
  /** Whether what takes minutes of waiting is left out. */
  readonly short: boolean;
  readonly signal: AbortSignal;
  /** Tells how far the check is. */
  say(text: string): void;
}

/** One promise about a running chart. */
export interface Check {
  readonly name: string;
  /** What the chart lacks that the promise is about; undefined where it has it. @default it has it */
  lacks?(chart: ChartUnderTest): string | undefined;
  /**
   * Looks, and returns what was measured in one line.
   *
   * @throws Error where the promise does not hold.
   */
  run(context: CheckContext): Promise<string>;
}
