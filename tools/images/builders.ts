import { existsSync } from "node:fs";
import { join } from "node:path";

/** One image to make. */
export interface ImageBuild {
  /** The folder that the build sees, with the Dockerfile. */
  readonly root: string;
  /** The image's whole name, `[registry/]tweet-pipeline/<service>:<version>`. */
  readonly image: string;
  readonly service: string;
  readonly version: string;
  /** The time that the image carries, in seconds since 1970. */
  readonly epochS: number;
}

/** A program that makes images of Dockerfiles. */
export interface Builder {
  readonly name: BuilderName;
  /** Whether it can be used on this machine. */
  isThere(root: string): Promise<boolean>;
  /** The command that makes an image. */
  command(build: ImageBuild): readonly string[];
  /** The command that prints the image's size, where the builder has one. */
  sizeCommand?(image: string): readonly string[];
}

/** The builders, the first that is there being the one that is used unasked. */
export const builderNames = ["docker", "rig", "buildah"] as const;

/** One of `builderNames`. */
export type BuilderName = (typeof builderNames)[number];

const askMs = 5_000;

const docker: Builder = {
  name: "docker",
  // The engine, not only its client.
  isThere: () => succeeds(["docker", "version"]),
  command: (build) => ["docker", "build", ...options(build), build.root],
  sizeCommand: (image) => ["docker", "image", "inspect", "--format", "{{.Size}}", image],
};

const buildah: Builder = {
  name: "buildah",
  isThere: () => succeeds(["buildah", "version"]),
  command: (build) => [
    "buildah",
    "build",
    "--layers",
    ...timestamp(build),
    ...options(build),
    build.root,
  ],
  sizeCommand: (image) => ["buildah", "inspect", "--type", "image", "--format", "{{.Size}}", image],
};

/** The script of a cluster beside this folder: builds without registry or engine and loads the image into its node. */
const rig: Builder = {
  name: "rig",
  isThere: (root) => Promise.resolve(existsSync(rigScript(root))),
  command: (build) => [
    rigScript(build.root),
    build.image,
    ...timestamp(build),
    ...options(build).filter((each) => !each.startsWith("--tag=")),
    build.root,
  ],
};

const builders = { docker, rig, buildah };

/**
 * The builder of that name, or the first that is there.
 *
 * @throws Error where it is not there, or none is.
 */
export async function findBuilder(root: string, name: BuilderName | undefined): Promise<Builder> {
  const asked = name === undefined ? builderNames : [name];
  for (const each of asked) {
    if (await builders[each].isThere(root)) return builders[each];
  }
  const why = name === undefined ? "none of them is there" : `${name} is not there`;
  throw new Error(
    `Cannot build images: ${why} (docker needs its engine, rig a cluster's folder beside this one): current value of --with is ${name ?? builderNames.join(", ")}`,
  );
}

function rigScript(root: string): string {
  return join(root, "..", "shared", "cluster", "build-image");
}

/** What all of them understand. */
function options({ root, image, service, version, epochS }: ImageBuild): readonly string[] {
  return [
    `--tag=${image}`,
    `--file=${join(root, "Dockerfile")}`,
    `--build-arg=SERVICE=${service}`,
    `--build-arg=VERSION=${version}`,
    `--build-arg=SOURCE_DATE_EPOCH=${epochS}`,
  ];
}

/** Docker reads SOURCE_DATE_EPOCH by itself. */
function timestamp({ epochS }: ImageBuild): readonly string[] {
  return [`--timestamp=${epochS}`];
}

async function succeeds(command: readonly string[]): Promise<boolean> {
  if (Bun.which(command[0] ?? "") === null) return false;
  const child = Bun.spawn([...command], {
    stdio: ["ignore", "ignore", "ignore"],
    timeout: askMs,
    killSignal: "SIGKILL",
  });
  return (await child.exited) === 0;
}
