import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeObject } from "../e2e/objects.ts";
import { succeed } from "../run-program.ts";
import type { CrdSource } from "./crd-sources.ts";

/** A schema, as far as it is read. */
export interface Crd extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

const downloadMs = 600_000;

/**
 * The schemas that a module publishes; Go keeps what it has downloaded once.
 *
 * @throws Error where the module, a file of it or a schema in that cannot be had.
 */
export async function fetchCrds(
  { module, version, files }: CrdSource,
  signal: AbortSignal,
): Promise<readonly Crd[]> {
  const printed = await succeed({
    command: ["go", "mod", "download", "-json", `${module}@${version}`],
    // Outside of any module, whose own requirements would be read else.
    cwd: tmpdir(),
    timeoutMs: downloadMs,
    signal,
  });
  const { Dir } = JSON.parse(printed) as { readonly Dir: string };
  return files.flatMap((file) => crdsIn(readFileSync(join(Dir, file), "utf8"), file));
}

/**
 * The schemas in a file.
 *
 * @throws Error where there is none.
 */
export function crdsIn(text: string, file: string): readonly Crd[] {
  const parsed = Bun.YAML.parse(text);
  const objects = (Array.isArray(parsed) ? parsed : [parsed]) as readonly (Crd | null)[];
  const crds = objects.flatMap((each) => (each?.kind === "CustomResourceDefinition" ? [each] : []));
  if (crds.length > 0) return crds;
  throw new Error(`Cannot read schemas: there are none: current value is ${file}`);
}
