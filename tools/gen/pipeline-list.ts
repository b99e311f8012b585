/** The columns that a line may have. */
const widthMax = 100;

/** The name that the file `<name>.ts` of a pipeline exports it under. */
export function exportOf(file: string): string {
  const [first = "", ...rest] = file.replace(/\.ts$/, "").split("-");
  return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** The module that lists the pipelines of these files, which lie beside it. */
export function pipelineList(files: readonly string[]): string {
  const sorted = files.toSorted();
  const names = sorted.map(exportOf);
  const head = "export const pipelines: readonly AnyPipeline[] = ";
  const line = `${head}[${names.join(", ")}];`;
  const list =
    line.length <= widthMax ? line : `${head}[\n${names.map((each) => `  ${each},\n`).join("")}];`;
  return `// Written by \`bun run gen\`: every file of this folder that is no test is a pipeline.
import type { AnyPipeline } from "../lib/pipeline/pipeline.ts";
${sorted.map((file) => `import { ${exportOf(file)} } from "./${file}";\n`).join("")}
/** Every pipeline, by name; of a bare route that several have, the first one's is served. */
${list}
`;
}
