import { containerRules } from "./containers.ts";
import { container, ruleSuite } from "./rule.suite.ts";

const may = (securityContext: object) => container({ securityContext });
const runs = (image: string) => container({ image });
const takes = (requests: object, limits: object) => container({ resources: { requests, limits } });

const digest = `store@sha256:${"0".repeat(64)}`;

ruleSuite("what containers may do, take and run", containerRules, {
  "drop-net-raw-capability": [
    may({ capabilities: { drop: ["ALL"], add: ["NET_RAW"] } }),
    may({ capabilities: { drop: ["ALL"] } }),
  ],
  "privileged-container": [may({ privileged: true }), may({})],
  "privilege-escalation-container": [
    may({ capabilities: { add: ["SYS_ADMIN"] } }),
    may({ allowPrivilegeEscalation: false }),
  ],
  "no-read-only-root-fs": [may({}), may({ readOnlyRootFilesystem: true })],
  "run-as-non-root": [
    container({ securityContext: { runAsGroup: 0 } }, { securityContext: { runAsUser: 1 } }),
    container({ securityContext: { runAsGroup: 1 } }, { securityContext: { runAsNonRoot: true } }),
  ],
  "unsafe-proc-mount": [may({ procMount: "Unmasked" }), may({ procMount: "Default" })],
  "latest-tag": [runs("registry:5000/store"), runs("registry:5000/store:1.2")],
  "image-not-pinned-by-digest": [runs("store:1.2"), runs(digest)],
  "unset-cpu-requirements": [takes({ cpu: "1m" }, {}), takes({ cpu: "1m" }, { cpu: 1 })],
  "unset-memory-requirements": [
    takes({ memory: "0Mi" }, { memory: "1Mi" }),
    takes({ memory: "1Mi" }, { memory: "1Mi" }),
  ],
  "unset-ephemeral-storage-requirements": [
    takes({}, { "ephemeral-storage": "1Mi" }),
    takes({ "ephemeral-storage": "1Mi" }, { "ephemeral-storage": "2Mi" }),
  ],
});
