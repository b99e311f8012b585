import type { Pods } from "../objects.ts";
import { containersOf, podRule, type Rule } from "./rule.ts";

/** What a container sees of its host. */
interface HostMount {
  readonly container: string;
  readonly path: string;
  readonly readOnly: boolean;
}

const runtimeSockets = /(docker|crio|containerd)\.sock$/;

const systemFolders = new Set(["/", "/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr"]);

/** Kernel settings that reach beyond the pod. */
const unsafeSettings = ["kernel.msg", "kernel.sem", "kernel.shm", "fs.mqueue.", "net."];

/** What pods may not share with the host that they run on. */
export const hostRules: readonly Rule[] = [
  sharing("host-ipc", "hostIPC", "memory for talking between processes"),
  sharing("host-network", "hostNetwork", "network"),
  sharing("host-pid", "hostPID", "processes"),
  mounting("docker-sock", ({ path }) => path.endsWith("docker.sock")),
  mounting("container-runtime-sock", ({ path }) => runtimeSockets.test(path)),
  mounting("sensitive-host-mounts", ({ path }) => systemFolders.has(path)),
  mounting("writable-host-mount", ({ readOnly }) => !readOnly),
  podRule("unsafe-sysctls", ({ spec }) =>
    (spec.securityContext?.sysctls ?? [])
      .filter(({ name }) => unsafeSettings.some((each) => name.startsWith(each)))
      .map(({ name }) => `sets ${name}, a setting of the whole host's kernel`),
  ),
];

function sharing(check: string, field: "hostIPC" | "hostNetwork" | "hostPID", what: string): Rule {
  return podRule(check, ({ spec }) => (spec[field] ? `shares its host's ${what}` : undefined));
}

function mounting(check: string, isFault: (mount: HostMount) => boolean): Rule {
  return podRule(check, (pods) =>
    hostMounts(pods)
      .filter(isFault)
      .map(
        ({ container, path, readOnly }) =>
          `container ${container} ${readOnly ? "reads" : "writes to"} ${path} of its host`,
      ),
  );
}

function hostMounts(pods: Pods): readonly HostMount[] {
  const paths = new Map(
    (pods.spec.volumes ?? []).flatMap(({ name, hostPath }) =>
      hostPath === undefined ? [] : [[name, hostPath.path] as const],
    ),
  );
  return containersOf(pods).flatMap((container) =>
    (container.volumeMounts ?? []).flatMap(({ name, readOnly = false }) => {
      const path = paths.get(name);
      return path === undefined ? [] : [{ container: container.name, path, readOnly }];
    }),
  );
}
