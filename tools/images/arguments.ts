import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface ImagesArguments {
  /** Stands before every image's name, `host[:port][/path]`; empty for none. */
  readonly registry: string;
  /** The services whose images are made. */
  readonly services: readonly string[];
  /** What builds; undefined: what this machine has. */
  readonly builder: string | undefined;
  /** Whether each image is given to its registry once it is made. */
  readonly push: boolean;
}

/** What `--help` prints. */
export function help(services: readonly string[]): string {
  return `bun run images [options]     builds and tags an image for each of our services

  --only SERVICE     one of ${services.join(", ")}; several times for several (all)
  --registry PREFIX  host[:port][/path] before the names, as REGISTRY at synth (none)
  --push             give each image to that registry once it is made
  --with BUILDER     docker   needs a Docker engine
                     buildah  needs no engine, finds the bases in its own store or pulls them
                     PATH     a program that is called with the image's name, the options of buildah build and the
                              folder, such as one that loads the image into a cluster without a registry
                     (docker, else buildah)
  --help             this text

Images are called tweet-pipeline/<service>:<version>, the version being that of package.json. The time that they carry is
SOURCE_DATE_EPOCH, else that of the last commit. Exits 0 when every image was made, else 1.
`;
}

/**
 * Reads the command line; undefined where it asks for help. `services` are those that there are.
 *
 * @throws Error naming what is wrong.
 */
export function readArguments(
  args: readonly string[],
  services: readonly string[],
): ImagesArguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true, default: [] },
      registry: { type: "string", default: "" },
      push: { type: "boolean", default: false },
      with: { type: "string" },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  if (values.help) return undefined;
  for (const name of values.only) {
    if (!services.includes(name)) throw fault("only", services, name);
  }
  if (values.push && values.registry === "") {
    throw new Error("Cannot use --push: without --registry there is nowhere to push to");
  }
  return {
    registry: values.registry,
    services: values.only.length === 0 ? services : [...new Set(values.only)],
    builder: values.with,
    push: values.push,
  };
}

function fault(option: string, allowed: readonly string[], value: string): Error {
  return new Error(
    `Cannot use --${option}: must be one of ${allowed.join(", ")}: current value is ${value}`,
  );
}
