import { describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBuilder } from "./builders.ts";

const build = {
  image: "registry.example/tweet-pipeline/relay:1.2.3",
  service: "relay",
  version: "1.2.3",
  epochS: 1_700_000_000,
};

/** A folder with a cluster's script beside it. */
async function withRig(run: (root: string) => Promise<void>): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), "builders-"));
  try {
    await mkdir(join(parent, "shared", "cluster"), { recursive: true });
    await Bun.write(join(parent, "shared", "cluster", "build-image"), "");
    await run(join(parent, "project"));
  } finally {
    await rm(parent, { recursive: true });
  }
}

describe("findBuilder()", () => {
  test("finds the cluster's script beside the project", () =>
    withRig(async (root) => {
      const { command } = await findBuilder(root, "rig");
      expect(command({ ...build, root })).toEqual([
        join(root, "..", "shared", "cluster", "build-image"),
        "registry.example/tweet-pipeline/relay:1.2.3",
        "--timestamp=1700000000",
        `--file=${join(root, "Dockerfile")}`,
        "--build-arg=SERVICE=relay",
        "--build-arg=VERSION=1.2.3",
        "--build-arg=SOURCE_DATE_EPOCH=1700000000",
        root,
      ]);
    }));

  test("refuses a builder that is not there", async () => {
    await expect(findBuilder(join(tmpdir(), "nobody", "here"), "rig")).rejects.toThrow(
      "Cannot build images: rig is not there (docker needs its engine, rig a cluster's folder beside this one): current value of --with is rig",
    );
  });
});
