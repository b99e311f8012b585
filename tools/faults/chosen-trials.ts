import type { FaultArguments } from "./arguments.ts";
import type { Fault } from "./fault.ts";
import type { Trial } from "./run-all.ts";

/**
 * The trials that the command line asks for.
 *
 * @throws Error where it names a fault that is not there, or leaves nothing to try.
 */
export function chosenTrials(
  faults: readonly Fault[],
  { faults: wanted, targets, short }: Pick<FaultArguments, "faults" | "targets" | "short">,
): readonly Trial[] {
  for (const word of wanted) {
    if (!faults.some((fault) => isCalled(fault, word))) {
      throw new Error(`Cannot find a fault: see --list: current value is ${word}`);
    }
  }
  const trials = faults
    .filter((fault) => wanted.length === 0 || wanted.some((word) => isCalled(fault, word)))
    .flatMap((fault) =>
      (short ? (fault.short ?? []) : fault.targets).map((target) => ({ fault, target })),
    )
    .filter(({ target }) => targets.length === 0 || targets.includes(target));
  if (trials.length > 0) return trials;
  throw new Error(
    "Cannot try anything: no fault of these is tried under such a policy: see --list",
  );
}

function isCalled({ numbers, name }: Fault, word: string): boolean {
  return name === word || numbers.includes(Number(word));
}
