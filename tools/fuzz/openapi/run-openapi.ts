import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { partsDir } from "../../parts/parts-dir.ts";
import { installParts } from "../../parts/provision.ts";
import { pythonVenv } from "../../parts/python-venv.ts";
import { runProgram } from "../../run-program.ts";
import { asStep, type FuzzContext } from "../context.ts";
import type { Finding } from "../finding.ts";
import { startLaptop } from "../laptop.ts";
import type { Row } from "../row.ts";
import { watchSurvival } from "../watch.ts";

const name = "schemathesis";
const wayOut = "leave out --openapi";
const requirements = join(import.meta.dir, "requirements.txt");
const hooks = join(import.meta.dir, "hooks.py");
const runMs = 1_200_000;
const examples = { short: 20, whole: 300 };

/** What schemathesis reports, as far as it is read. */
interface Report {
  readonly schemathesis_version: string;
  readonly operations: { readonly total: number; readonly tested: number };
  readonly test_cases: { readonly generated: number };
  readonly failures: readonly {
    readonly title: string;
    readonly count: number;
    readonly operations: readonly unknown[];
  }[];
  readonly errors: readonly unknown[];
  readonly valid_rates: Readonly<Record<string, Readonly<Record<string, Rates>>>>;
}

interface Rates {
  readonly accepted: number;
  readonly rejected: number;
}

/** Runs schemathesis on what laptop mode describes: the board and the doors of every pipeline. */
export async function runOpenApi(context: FuzzContext): Promise<readonly Row[]> {
  const { signal, seed, progress } = context;
  const dir = partsDir(process.env);
  await installParts([[pythonVenv(name, requirements, wayOut)]], {
    dir,
    signal,
    onProgress: progress.onProgress,
  });
  await using laptop = await asStep(context, "start laptop mode", () => startLaptop({ signal }));
  using survival = watchSurvival([laptop.child]);
  const startedMs = performance.now();
  const report = await asStep(context, "schemathesis on /openapi/json", () =>
    reportOf(join(dir, name, "bin", "st"), `${laptop.url}/openapi/json`, context),
  );
  const { note, faults } = survival.report();
  const found = [
    ...report.failures.map(
      ({ title, count, operations }) => `${title} (${count}): ${shown(operations)}`,
    ),
    ...report.errors.map((error) => `an error of schemathesis: ${shown(error)}`),
    ...faults,
  ];
  const rates = Object.values(report.valid_rates).flatMap((phases) => Object.values(phases));
  const { total, tested } = report.operations;
  const { generated } = report.test_cases;
  const taken = rates.reduce((sum, each) => sum + each.accepted, 0);
  return [
    {
      ...{ part: "openapi", place: "board and doors, by their description", sent: generated },
      // What breaks the schema must be refused; it is no rate of valid requests, so it is what is left.
      ...{ taken, refused: generated - taken, other: 0, tookMs: performance.now() - startedMs },
      notes: [
        `schemathesis ${report.schemathesis_version}: ${tested} of ${total} operations, all checks; the stream, which never ends, is left out`,
        note,
      ],
      findings: found.map((what): Finding => ({ at: "openapi", what, seed, index: 0 })),
      found: found.length,
    },
  ];
}

async function reportOf(
  program: string,
  description: string,
  { seed, signal, isShort }: FuzzContext,
): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "tweet-pipeline-openapi-"));
  const file = join(folder, "report.json");
  try {
    const { code, stdout, stderr } = await runProgram({
      command: [
        ...[program, "--no-color", "run", description, "--checks", "all"],
        ...["--phases", "examples,coverage,fuzzing", "--exclude-path-regex", "/stream$"],
        ...["--max-examples", `${isShort ? examples.short : examples.whole}`, "--seed", `${seed}`],
        ...["--continue-on-failure", "--suppress-health-check", "all", "--request-timeout", "20"],
        ...["--generation-database", "none", "--report", "json", "--report-json-path", file],
      ],
      cwd: folder,
      env: { SCHEMATHESIS_HOOKS: hooks, PYTHONDONTWRITEBYTECODE: "1" },
      timeoutMs: runMs,
      signal,
    });
    if (code !== 0 && code !== 1) {
      throw new Error(`Cannot run schemathesis: it ended with ${code}: ${stderr}${stdout}`);
    }
    return (await Bun.file(file).json()) as Report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const shownChars = 600;

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, shownChars);
}
