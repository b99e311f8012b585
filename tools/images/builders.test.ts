import { expect, test } from "bun:test";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBuilder } from "./builders.ts";

test("a path is a program that gets the name, options as buildah has them, and the folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "builders-"));
  try {
    const program = join(folder, "build-image");
    await Bun.write(program, "#!/bin/sh\n");
    await chmod(program, 0o755);
    const { command, pushCommand } = await findBuilder(program);
    const image = "registry.example/tweet-pipeline/relay:1.2.3";
    const build = { root: "/project", image, service: "relay", version: "1.2.3", epochS: 7 };
    expect(command(build)).toEqual([
      program,
      image,
      "--timestamp=7",
      "--file=/project/Dockerfile",
      "--build-arg=SERVICE=relay",
      "--build-arg=VERSION=1.2.3",
      "--build-arg=SOURCE_DATE_EPOCH=7",
      "/project",
    ]);
    expect(pushCommand).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a builder that is not there is refused with what was asked for", async () => {
  await expect(findBuilder("/nowhere/build-image")).rejects.toThrow(
    "Cannot build images: it is not there (docker needs its engine): current value of --with is /nowhere/build-image",
  );
});
