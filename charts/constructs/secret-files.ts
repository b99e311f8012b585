import { Secret, Volume, type VolumeMount } from "cdk8s-plus-28";
import { Construct } from "constructs";
import type { SecretFiles } from "./bun-service-props.ts";

/** Everybody in the container may read: it runs as nobody in particular, and files of a volume are root's. */
const readOnly = 0o444;

/** Mounts keys of Secrets as files, each Secret's in a folder of its own, so that the files follow the Secret. */
export function secretMounts(scope: Construct, all: readonly SecretFiles[]): VolumeMount[] {
  return all.map(({ secret, folder, keys }) => {
    const own = new Construct(scope, `files-${secret}`);
    const volume = Volume.fromSecret(own, "volume", Secret.fromSecretName(own, "secret", secret), {
      name: `secret-${secret}`,
      items: Object.fromEntries(keys.map((key) => [key, { path: key }])),
      defaultMode: readOnly,
    });
    return { volume, path: folder, readOnly: true };
  });
}
