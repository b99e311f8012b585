import { parseArgs } from "node:util";
import { type BuilderName, builderNames } from "./builders.ts";

/** What the command line asks for. */
export interface ImagesArguments {
  /** Stands before every image's name, `host[:port][/path]`; empty for none. */
  readonly registry: string;
  /** The services whose images are made. */
  readonly services: readonly string[];
  /** What builds; undefined: what this machine has. */
  readonly builder: BuilderName | undefined;
}

/** What `--help` prints. */
export function help(services: readonly string[]): string {
  return `bun run images [options]     builds and tags an image for each of our services

  --only SERVICE     one of ${services.join(", ")}; several times for several (all)
  --registry PREFIX  host[:port][/path] before the names, as REGISTRY at synth (none)
  --with BUILDER     docker   needs a Docker engine
                     buildah  needs no engine, finds the bases in its own store or pulls them
                     rig      the cluster beside this folder, into which the images are loaded, too
                     (the first of docker, rig and buildah that is there)
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
      with: { type: "string" },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  if (values.help) return undefined;
  for (const name of values.only) {
    if (!services.includes(name)) throw fault("only", services, name);
  }
  const builder = builderNames.find((each) => each === values.with);
  if (values.with !== undefined && builder === undefined) {
    throw fault("with", builderNames, values.with);
  }
  return {
    registry: values.registry,
    services: values.only.length === 0 ? services : [...new Set(values.only)],
    builder,
  };
}

function fault(option: string, allowed: readonly string[], value: string): Error {
  return new Error(
    `Cannot use --${option}: must be one of ${allowed.join(", ")}: current value is ${value}`,
  );
}
