import { parseArgs } from "node:util";
import { httpUrl } from "../../lib/config.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { durationMs } from "../arguments/duration.ts";
import { pipelinesNamed } from "../arguments/pipeline-named.ts";
import { asUsage } from "../arguments/usage-error.ts";

/** What the command line asks for. */
export interface AuditArguments {
  readonly help: boolean;
  readonly pipelines: readonly AnyPipeline[] | undefined;
  readonly dataDir: string | undefined;
  /** The board that is asked instead of brokers and stores. */
  readonly board: URL | undefined;
  /** How long what is in flight may take. */
  readonly waitMs: number;
  readonly json: boolean;
}

/** What `--help` prints. */
export const help = `bun run audit [options]     whether every delivery is accounted for

Holds the brokers' own offsets and depths against what the stores have counted, lane by
lane: published = applied + duplicates + dead letters + in flight.

  --pipeline P       only this one; several times for several
  --wait T           how long what is in flight may take, such as 90s or 5m     (30s)
  --json             one JSON object a pipeline, a line each
  --help             this text

where
  --board URL        what a board says, such as http://localhost:8080: where brokers and
                     stores cannot be reached, or laptop mode runs
  --data-dir DIR     laptop mode's folder; laptop mode must not run
  Without them: KAFKA_BROKERS, RABBIT_URL, VALKEY_SERVICE_URL and the others of a board,
  with PIPELINE, where one of them is set; else what \`npm run up\` runs (RUN_DIR); else
  laptop mode's folder (DATA_DIR, .data).

Exits 0 where all ledgers close and nothing is in flight, 1 where one does not, 2 where
the command line means nothing, 130 after Ctrl-C.
`;

/**
 * Reads the command line.
 *
 * @throws UsageError with what it cannot mean.
 */
export function readArguments(args: readonly string[]): AuditArguments {
  return asUsage(() => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        pipeline: { type: "string", multiple: true, default: [] },
        wait: { type: "string", default: "30s" },
        board: { type: "string" },
        "data-dir": { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false, short: "h" },
      },
    });
    const { pipeline, board, "data-dir": dataDir } = values;
    if (board !== undefined && dataDir !== undefined) {
      throw new Error("--board and --data-dir exclude each other");
    }
    return {
      help: values.help,
      pipelines: pipelinesNamed(pipeline),
      dataDir,
      board: board === undefined ? undefined : boardAt(board),
      waitMs: durationMs("--wait", values.wait),
      json: values.json,
    };
  });
}

function boardAt(text: string): URL {
  try {
    // Below its path, where it has one.
    return httpUrl(text.endsWith("/") ? text : `${text}/`);
  } catch (cause) {
    throw new Error(`--board ${(cause as Error).message}: current value is "${text}"`, { cause });
  }
}
