import { portRules } from "./ports.ts";
import { container, ruleSuite, thing } from "./rule.suite.ts";

const listens = (...numbers: readonly number[]) =>
  container({ ports: numbers.map((containerPort) => ({ containerPort })) });
const asked = (probe: string, port: number | string) =>
  container({
    ports: [{ name: "http", containerPort: 8_080 }],
    [probe]: { httpGet: { path: "/", port } },
  });
const leadsTo = (targetPort: number | string) =>
  thing("Service", { spec: { ports: [{ port: 80, targetPort }] } });

ruleSuite("ports and probes", portRules, {
  "no-liveness-probe": [container({}), asked("livenessProbe", 1)],
  "no-readiness-probe": [container({}), asked("readinessProbe", 1)],
  "no-startup-probe": [container({}), asked("startupProbe", 1)],
  "liveness-port": [asked("livenessProbe", 8_081), asked("livenessProbe", 8_080)],
  "readiness-port": [asked("readinessProbe", "admin"), asked("readinessProbe", "http")],
  "startup-port": [
    container({ startupProbe: { tcpSocket: { port: 1 } } }),
    container({ startupProbe: { exec: { command: ["true"] } } }),
  ],
  "privileged-ports": [listens(80), listens(8_080)],
  "ssh-port": [listens(22), listens(2_222)],
  "invalid-target-ports": [leadsTo("Http_Port"), leadsTo("http-2")],
});
