import type { LinterName } from "../../charts/waivers.ts";
import type { KubeObject } from "./objects.ts";

/** What a linter has against an object. */
export interface Finding {
  readonly linter: LinterName;

  /** The linter's own name of the check. */
  readonly check: string;

  /** The object, as `nameOf` names it. */
  readonly object: string;

  /** A sentence that says what is wrong. */
  readonly message: string;
}

/** What a linter did, or why it did nothing. */
export type LinterRun = Ran | NotRun;

/** A linter that ran. */
export interface Ran {
  /** Whose waivers hold for it. */
  readonly linter: LinterName;

  /** What people call it, with its version. */
  readonly title: string;

  /** How many checks it tried. */
  readonly checks: number;

  /** How many objects it looked at. */
  readonly objects: number;

  readonly findings: readonly Finding[];
}

/** A linter that this machine does not have. */
export interface NotRun {
  readonly title: string;

  /** What is missing. */
  readonly notRun: string;
}

/** An object in words: its chart, kind and name. */
export function nameOf(chart: string, { kind, metadata }: Pick<KubeObject, "kind" | "metadata">) {
  return `${chart} ${kind} ${metadata.name}`;
}
