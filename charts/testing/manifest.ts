/** An object as it stands in `dist/`. */
export interface Manifest {
  /** The group and version of its kind. */
  readonly apiVersion: string;

  /** Its kind, such as `Service`. */
  readonly kind: string;

  /** Its name, and where it is. */
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/**
 * The manifest of a kind and name.
 *
 * @throws Error where there is none.
 */
export function manifestOf(all: readonly Manifest[], kind: string, name: string): Manifest {
  const found = all.find((each) => each.kind === kind && each.metadata.name === name);
  if (found === undefined) throw new Error(`Cannot find ${kind} ${name}: it was not synthesized`);
  return found;
}

/** What stands at a path of a manifest such as `spec.ports.0.port`; undefined where nothing does. */
export function at(manifest: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null
          ? (value as Record<string, unknown>)[key]
          : undefined,
      manifest,
    );
}
