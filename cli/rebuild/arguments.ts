import { parseArgs } from "node:util";
import { pipelineOf } from "../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { pipelines as all } from "../../pipelines/all.ts";
import { asUsage } from "../arguments/usage-error.ts";

/** What the command line asks for; `pipeline` is undefined with `help` alone. */
export interface RebuildArguments {
  readonly help: boolean;
  readonly pipeline: AnyPipeline | undefined;
  readonly dataDir: string | undefined;
  /** Only compares. */
  readonly check: boolean;
  /** Only says what would be read, and what stands against it. */
  readonly dryRun: boolean;
  /** Leaves the old store where the fresh one was. */
  readonly keep: boolean;
  readonly json: boolean;
  /** Swaps without asking. */
  readonly yes: boolean;
}

/** What `--help` prints. */
export const help = `bun run rebuild PIPELINE [options]     the store, folded anew from the whole log

Folds every message that the live store has folded into a fresh store beside it, compares
the two, and puts the fresh one into the live one's place in one step. Services go on
meanwhile; where a pipeline has RabbitMQ's lane, its consumers must rest for the swap.
Refused, with the reason, where the log does not hold every event.

  --check            compare only, and name the keys that differ
  --dry-run          say what would be read and what stands against it
  --keep             leave the old store beside the new one
  --yes              do not ask before the swap
  --json             one JSON object
  --help             this text

where
  --data-dir DIR     laptop mode's folder; laptop mode must not run
  Without it: KAFKA_BROKERS, RABBIT_URL, VALKEY_SERVICE_URL and the others of a board,
  where one of them is set; else what \`npm run up\` runs (RUN_DIR); else laptop mode's
  folder (DATA_DIR, .data). IDS_MAX as its consumers have it.

Exits 0 where all is done or the same, 1 where it is refused or something differs, 2 where
the command line means nothing, 130 after Ctrl-C, which leaves the live store as it was.
`;

/**
 * Reads the command line.
 *
 * @throws UsageError with what it cannot mean.
 */
export function readArguments(args: readonly string[], canAsk: boolean): RebuildArguments {
  return asUsage(() => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        check: { type: "boolean", default: false },
        "dry-run": { type: "boolean", default: false },
        keep: { type: "boolean", default: false },
        yes: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        "data-dir": { type: "string" },
        help: { type: "boolean", default: false, short: "h" },
      },
    });
    const { check, "dry-run": dryRun, "data-dir": dataDir, ...others } = values;
    if (values.help) return { ...others, check, dryRun, dataDir, pipeline: undefined };
    if (check && (dryRun || values.keep || values.yes)) {
      throw new Error("--check swaps nothing: --dry-run, --keep and --yes exclude it");
    }
    const asks = !(check || dryRun || values.yes);
    if (asks && !canAsk) {
      throw new Error("nobody can be asked here: --yes swaps, --check only compares");
    }
    return { ...others, check, dryRun, dataDir, pipeline: pipelineIn(positionals) };
  });
}

function pipelineIn(names: readonly string[]): AnyPipeline {
  const [name] = names;
  if (name !== undefined && names.length === 1) return pipelineOf(all)(name);
  const there = all.map((each) => each.name).join(", ");
  throw new Error(`name one pipeline, of ${there}: current value is "${names.join(" ")}"`);
}
