import { join } from "node:path";
import { runProgram } from "../run-program.ts";

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
  /** What people call it: `docker`, `buildah`, or the path of a program. */
  readonly name: string;
  /** Whether it can be used on this machine. */
  isThere(): Promise<boolean>;
  /** The command that makes an image. */
  command(build: ImageBuild): readonly string[];
  /** The command that gives an image to the registry in its name, where the builder has one. */
  pushCommand?(image: string): readonly string[];
  /** The command that prints the image's size, where the builder has one. */
  sizeCommand?(image: string): readonly string[];
}

const askMs = 5_000;

const docker: Builder = {
  name: "docker",
  // The engine, not only its client.
  isThere: () => succeeds(["docker", "version"]),
  command: (build) => ["docker", "build", ...options(build), build.root],
  pushCommand: (image) => ["docker", "push", image],
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
  pushCommand: (image) => ["buildah", "push", image],
  sizeCommand: (image) => ["buildah", "inspect", "--type", "image", "--format", "{{.Size}}", image],
};

/**
 * A program of the user's own: called with the image's name, options as `buildah build` has them, and the folder. It gives
 * the image to whom it likes, such as a cluster without a registry.
 */
function program(path: string): Builder {
  return {
    name: path,
    isThere: () => Promise.resolve(Bun.which(path) !== null),
    command: (build) => [
      path,
      build.image,
      ...timestamp(build),
      ...options(build).filter((each) => !each.startsWith("--tag=")),
      build.root,
    ],
  };
}

/**
 * The builder of that name or path, or the first of docker and buildah that is there.
 *
 * @throws Error where it is not there, or none is.
 */
export async function findBuilder(name: string | undefined): Promise<Builder> {
  const known = [docker, buildah];
  const asked =
    name === undefined ? known : [known.find((each) => each.name === name) ?? program(name)];
  for (const each of asked) {
    if (await each.isThere()) return each;
  }
  const why = name === undefined ? "none of them is there" : "it is not there";
  throw new Error(
    `Cannot build images: ${why} (docker needs its engine): current value of --with is ${name ?? known.map((each) => each.name).join(", ")}`,
  );
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
  return (await runProgram({ command, timeoutMs: askMs })).code === 0;
}
