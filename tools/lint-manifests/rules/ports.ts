import type { IContainer } from "kubernetes-models/v1/Container";
import type { IProbe } from "kubernetes-models/v1/Probe";
import type { IServiceSpec } from "kubernetes-models/v1/ServiceSpec";
import { type KubeObject, podsOf } from "../objects.ts";
import { containerRule, kindRule, podRule, type Rule } from "./rule.ts";

type ProbeName = "livenessProbe" | "readinessProbe" | "startupProbe";

const privilegedBelow = 1_024;
const portMax = 65_535;
const sshPort = 22;

/** The ports of containers and Services, and the probes that ask at them. */
export const portRules: readonly Rule[] = [
  noProbe("no-liveness-probe", "livenessProbe"),
  noProbe("no-readiness-probe", "readinessProbe"),
  noProbe("no-startup-probe", "startupProbe"),
  closedPort("liveness-port", "livenessProbe"),
  closedPort("readiness-port", "readinessProbe"),
  closedPort("startup-port", "startupProbe"),
  containerRule("privileged-ports", ({ ports = [] }) =>
    ports
      .filter(({ containerPort }) => containerPort < privilegedBelow)
      .map(({ containerPort }) => `listens at ${containerPort}, where only root may`),
  ),
  containerRule("ssh-port", ({ ports = [] }) =>
    ports.some(
      ({ containerPort, protocol = "TCP" }) => containerPort === sshPort && protocol === "TCP",
    )
      ? `listens at ${sshPort}, the port of ssh`
      : undefined,
  ),
  { check: "invalid-target-ports", find: invalidPorts },
];

/** Containers that come first end before anybody asks them. */
function noProbe(check: string, probe: ProbeName): Rule {
  return podRule(check, ({ spec }) =>
    spec.containers
      .filter((each) => each[probe] === undefined)
      .map(({ name }) => `container ${name} has no ${probe}`),
  );
}

function closedPort(check: string, probe: ProbeName): Rule {
  return containerRule(check, (container) => {
    const port = portOf(container[probe]);
    return port === undefined || shows(container, port)
      ? undefined
      : `is asked at port ${port}, which it does not show`;
  });
}

function portOf({ httpGet, tcpSocket, grpc }: IProbe = {}): number | string | undefined {
  return httpGet?.port ?? tcpSocket?.port ?? grpc?.port;
}

function shows({ ports = [] }: IContainer, port: number | string): boolean {
  return ports.some(({ name, containerPort }) => name === port || containerPort === Number(port));
}

function invalidPorts(object: KubeObject): readonly string[] {
  const service = kindRule<{ readonly spec: IServiceSpec }>("", ["Service"], ({ spec }) =>
    (spec.ports ?? []).flatMap(({ targetPort = 1 }) => portFaults(targetPort)),
  );
  const names = (podsOf(object)?.spec.containers ?? []).flatMap(({ ports = [] }) =>
    ports.flatMap(({ name }) => (name === undefined ? [] : portFaults(name))),
  );
  return [...service.find(object, []), ...names];
}

/** A number within bounds, or a name by RFC 6335: up to 15 small letters, digits and single hyphens, one letter at least. */
function portFaults(port: number | string): readonly string[] {
  if (typeof port === "number") {
    return port >= 1 && port <= portMax ? [] : [`there is no port ${port}`];
  }
  const valid = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(port);
  return valid ? [] : [`${port} is no name of a port`];
}
