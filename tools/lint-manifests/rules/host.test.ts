import { hostRules } from "./host.ts";
import { container, pods, ruleSuite } from "./rule.suite.ts";

const mounts = (path: string, readOnly = true) =>
  container(
    { volumeMounts: [{ name: "host", mountPath: "/host", readOnly }] },
    { volumes: [{ name: "host", hostPath: { path } }] },
  );
const sysctl = (name: string) => pods({ securityContext: { sysctls: [{ name, value: "1" }] } });

ruleSuite("what pods share with their host", hostRules, {
  "host-ipc": [pods({ hostIPC: true }), pods({ hostIPC: false })],
  "host-network": [pods({ hostNetwork: true }), pods({})],
  "host-pid": [pods({ hostPID: true }), pods({})],
  "docker-sock": [mounts("/var/run/docker.sock"), mounts("/var/run/other.sock")],
  "container-runtime-sock": [mounts("/run/containerd/containerd.sock"), mounts("/run")],
  "sensitive-host-mounts": [mounts("/etc"), mounts("/srv/etc")],
  "writable-host-mount": [mounts("/srv", false), mounts("/srv")],
  "unsafe-sysctls": [sysctl("kernel.shm_rmid_forced"), sysctl("vm.swappiness")],
});
