import type { KubeObject } from "../lint-manifests/objects.ts";
import { runProgram } from "../run-program.ts";
import { kindOf, moved } from "./manifests.ts";

/** What the API server says of objects. */
export interface Verdict {
  readonly accepted: number;
  /** What it has against others, a sentence each. */
  readonly refusals: readonly string[];
  /** Kinds that the cluster does not have. */
  readonly unknown: readonly string[];
}

/** Where objects are tried. */
export interface Trial {
  /** A namespace that is there, in which all are tried; nothing is made in it. */
  readonly namespace: string;
  /** The kinds that the cluster has, as `kindOf` names them. */
  readonly kinds: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

const applyMs = 120_000;

/**
 * Has the API server judge objects by their schemas, down to unknown fields, without making any of them. Several at once are
 * quicker, but of those that are refused it may tell the first alone.
 */
export async function dryRun(objects: readonly KubeObject[], trial: Trial): Promise<Verdict> {
  const known = objects.filter((each) => trial.kinds.has(kindOf(each)));
  const strange = objects.filter((each) => !known.includes(each)).map(kindOf);
  const unknown = [...new Set(strange)];
  if (known.length === 0) return { accepted: 0, refusals: [], unknown };
  const items = known.map((each) => moved(each, trial.namespace));
  const { stdout, stderr } = await runProgram({
    command: [
      ...["kubectl", "apply", "--server-side", "--dry-run=server", "--validate=strict"],
      ...["--force-conflicts", "--filename", "-"],
    ],
    input: JSON.stringify({ apiVersion: "v1", kind: "List", items }),
    timeoutMs: applyMs,
    signal: trial.signal,
  });
  const accepted = lines(stdout).filter((each) => each.endsWith("(server dry run)")).length;
  const refusals = lines(stderr).filter((each) => !each.startsWith("Warning:"));
  if (accepted + refusals.length >= known.length) return { accepted, refusals, unknown };
  const silent = known.length - accepted - refusals.length;
  return {
    accepted,
    unknown,
    refusals: [...refusals, `kubectl said nothing of ${silent} objects`],
  };
}

/** The same for objects that are to be refused, one after another, so that each is judged. */
export async function dryRunEach(objects: readonly KubeObject[], trial: Trial): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const object of objects) verdicts.push(await dryRun([object], trial));
  return {
    accepted: verdicts.reduce((sum, { accepted }) => sum + accepted, 0),
    refusals: verdicts.flatMap(({ refusals }) => refusals),
    unknown: verdicts.flatMap(({ unknown }) => unknown),
  };
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((each) => each.trim() !== "");
}
