import { join } from "node:path";
import { dryRun, dryRunEach, type Trial, type Verdict } from "./dry-run.ts";
import { customOnly, type Folder, kindOf, misspelt, readFolder } from "./manifests.ts";

/** Where manifests are. */
export interface Places {
  /** Those that are committed. */
  readonly dist: string;
  /** Those of a synth with every option. */
  readonly made: string;
}

/** A folder with what the server says of it. */
export interface JudgedFolder {
  readonly name: string;
  readonly accepted: number;
  readonly refused: number;
  /** Whether that is what must be. */
  readonly isRight: boolean;
  readonly remarks: readonly string[];
}

/** The folders of what takes an operator or another API. */
export const optionFolders: readonly string[] = [
  ...["keda", "operators", "gateway", "strimzi", "vpa", "cloud-run"],
];

const remarksMax = 10;

/** Has the server judge everything. */
export async function judge(places: Places, trial: Trial): Promise<readonly JudgedFolder[]> {
  const judged: JudgedFolder[] = [];
  for (const name of optionFolders) {
    const folder = readFolder(join(places.dist, name), name);
    judged.push(accepted(folder, await dryRun(folder.objects, trial)));
  }
  const guarded = readFolder(join(places.dist, "gitops"), "gitops, without a repository");
  judged.push(refused(guarded, await dryRunEach(guarded.objects, trial), "GITOPS_REPOSITORY"));
  const made = customOnly(readFolder(places.made, "every option said"));
  judged.push(accepted(made, await dryRun(made.objects, trial)));
  const wrong = misspelt(made.objects.filter((each) => trial.kinds.has(kindOf(each))));
  const folder = { name: "a misspelt field of every kind", objects: wrong };
  judged.push(refused(folder, await dryRunEach(wrong, trial), "Misspelt"));
  return judged;
}

/** A folder that must be accepted whole, but for kinds that nobody has brought. */
function accepted({ name, objects }: Folder, verdict: Verdict): JudgedFolder {
  const { refusals, unknown } = verdict;
  const strange = unknown.map((kind) => `not tried, the cluster does not have it: ${kind}`);
  return {
    name,
    accepted: verdict.accepted,
    refused: refusals.length,
    isRight: refusals.length === 0 && objects.length > 0,
    remarks: [...strange, ...refusals.slice(0, remarksMax)],
  };
}

/** A folder of which every object must be refused, for a reason with this word. */
function refused({ name, objects }: Folder, verdict: Verdict, word: string): JudgedFolder {
  const forIt = verdict.refusals.filter((each) => each.includes(word));
  const others = verdict.refusals.filter((each) => !each.includes(word));
  return {
    name,
    accepted: verdict.accepted,
    refused: forIt.length,
    isRight: verdict.accepted === 0 && forIt.length === objects.length,
    remarks: others.slice(0, remarksMax),
  };
}
