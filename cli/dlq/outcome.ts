import { exitCodes } from "../arguments/exit-codes.ts";
import { coloured, type Terminal } from "../terminal.ts";
import type { FoundLetter } from "./find-letters.ts";

/** What became of a letter that was chosen. */
export interface Outcome {
  readonly found: Pick<FoundLetter, "place" | "letter">;
  /** `planned` is what a dry run would do. */
  readonly kind: "done" | "planned" | "refused" | "failed";
  /** Why it is refused or failed, in a sentence. */
  readonly why?: string | undefined;
}

/** What is done with letters, in two forms. */
export interface Deed {
  readonly infinitive: "redrive" | "drop";
  readonly done: "redriven" | "dropped";
}

/** Takes outcomes as they come, and tells them. */
export interface Outcomes {
  add(outcomes: readonly Outcome[]): void;
  /** Tells the rest, and how the command ends. */
  end(stopped: boolean): number;
}

/** Outcomes told line by line as JSON, or in a sentence at the end for people. */
export function tellOutcomes(deed: Deed, json: boolean, { out, err }: Terminal): Outcomes {
  const counts = { done: 0, planned: 0, refused: 0, failed: 0 };
  const whys = new Map<string, number>();
  const line = ({ found: { place, letter }, kind, why }: Outcome) =>
    JSON.stringify({
      id: letter.id,
      pipeline: place.pipeline.name,
      lane: place.lane,
      outcome: kind === "done" ? deed.done : kind,
      why,
    });
  return {
    add(outcomes) {
      for (const outcome of outcomes) {
        counts[outcome.kind] += 1;
        const { why } = outcome;
        if (why !== undefined) whys.set(why, (whys.get(why) ?? 0) + 1);
        if (json) out.write(`${line(outcome)}\n`);
      }
    },
    end(stopped) {
      for (const [why, count] of whys) err.write(`${coloured(err, "red", `${count}: ${why}`)}\n`);
      if (!json) out.write(`${sentence(deed, counts, stopped)}\n`);
      if (stopped) return exitCodes.stopped;
      return counts.refused + counts.failed === 0 ? exitCodes.done : exitCodes.failed;
    },
  };
}

function sentence(
  { infinitive, done }: Deed,
  counts: Readonly<Record<Outcome["kind"], number>>,
  stopped: boolean,
): string {
  const parts = [
    ...(counts.planned > 0 ? [`Would ${infinitive} ${counts.planned}`] : []),
    ...(counts.done > 0 ? [`${counts.done} ${done}`] : []),
    ...(counts.refused > 0 ? [`${counts.refused} refused`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
  ];
  const told = parts.length === 0 ? `No letter to ${infinitive}` : parts.join(", ");
  return stopped ? `${told}; stopped: the others wait as they did.` : `${told}.`;
}
