import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** A pipeline's load scripts with all that they import or read. */
export interface LoadScripts {
  /** The Locust script, a path below the folder of all. */
  readonly locust: string;
  /** The k6 script, a path below the folder of all. */
  readonly k6: string;
  /** Every file's text by its path below the folder of all, in the paths' order. */
  readonly files: ReadonlyMap<string, string>;
}

const folder = fileURLToPath(new URL("../../loadtest/", import.meta.url));
const transpiler = new Bun.Transpiler({ loader: "ts" });

/** More files than that are no load script, but something else's sources. */
const filesMax = 100;

/**
 * The scripts of `loadtest/` for a pipeline, as they stand.
 *
 * @throws Error where there are none for it.
 */
export function loadScripts(pipeline: string): LoadScripts {
  const locust = `locust/${pipeline.replaceAll("-", "_")}.py`;
  const k6 = `k6/${pipeline}.ts`;
  const files = new Map<string, string>();
  for (const script of [locust, k6]) {
    if (!isThere(script)) {
      throw new Error(
        `Cannot make load for ${pipeline}: there is no script loadtest/${script}: current value of pipeline is "${pipeline}"`,
      );
    }
    collect(script, files);
  }
  return { locust, k6, files: new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
}

/** Adds a file and, where it is a script, what it needs. */
function collect(file: string, files: Map<string, string>): void {
  if (files.has(file)) return;
  const text = readFileSync(join(folder, file), "utf8");
  files.set(file, text);
  if (files.size > filesMax) {
    throw new Error(
      `Cannot take the load scripts: they need too many files: current value is over ${filesMax}`,
    );
  }
  for (const each of needs(file, text)) collect(each, files);
}

function needs(file: string, text: string): readonly string[] {
  if (file.endsWith(".py")) return pythonNeeds(file, text);
  return file.endsWith(".ts") ? typeScriptNeeds(file, text) : [];
}

/** Types alone are gone when a script runs, so what only they come from stays out. */
function typeScriptNeeds(file: string, text: string): readonly string[] {
  const imports = transpiler.scanImports(text).map(({ path }) => path);
  const data = [...text.matchAll(/"(\.\.\/data\/[\w.-]+)"/g)].map(([, path = ""]) => path);
  return [...imports, ...data]
    .filter((path) => path.startsWith("."))
    .map((path) => normalize(join(dirname(file), path)));
}

function pythonNeeds(file: string, text: string): readonly string[] {
  const modules = [...text.matchAll(/^(?:from|import) (\w+)/gm)].map(([, name = ""]) => name);
  return modules.map((name) => join(dirname(file), `${name}.py`)).filter(isThere);
}

function isThere(file: string): boolean {
  return existsSync(join(folder, file));
}
