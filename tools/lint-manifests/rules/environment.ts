import { type KubeObject, ofKind } from "../objects.ts";
import { containerRule, kindRule, type Rule } from "./rule.ts";

/** A ConfigMap or a Secret. */
interface Texts {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

/** A key of one of them that a container wants. */
interface KeyRef {
  readonly name?: string;
  readonly key: string;
  readonly optional?: boolean;
}

const credentials = /password|secret|token|api_?key|private_key|credential/;

/** What containers are told by their environment, and where it comes from. */
export const environmentRules: readonly Rule[] = [
  containerRule("duplicate-env-var", ({ env = [] }) => {
    const names = env.map(({ name }) => name);
    const twice = names.filter((name, at) => names.indexOf(name) < at);
    return [...new Set(twice)].map((name) => `has ${name} more than once`);
  }),
  containerRule("env-var-secret", ({ env = [] }) =>
    env
      .filter(({ name, value = "" }) => /secret/i.test(name) && value !== "")
      .map(({ name }) => `has ${name} in the clear`),
  ),
  containerRule("read-secret-from-env-var", ({ env = [], envFrom = [] }) => [
    ...env
      .filter(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined)
      .map(({ name }) => `reads the Secret of ${name} from its environment`),
    ...envFrom
      .filter(({ secretRef }) => secretRef !== undefined)
      .map(({ secretRef }) => `reads all of Secret ${secretRef?.name} from its environment`),
  ]),
  containerRule("env-value-from", ({ env = [] }, _, all) =>
    env.flatMap(({ name, valueFrom }) => [
      ...missing(name, all, "Secret", valueFrom?.secretKeyRef),
      ...missing(name, all, "ConfigMap", valueFrom?.configMapKeyRef),
    ]),
  ),
  kindRule<Texts>("configmap-with-credentials", ["ConfigMap"], (object) =>
    keysOf(object)
      .filter((key) => credentials.test(key))
      .map((key) => `${key} should stand in a Secret`),
  ),
];

function missing(
  variable: string,
  all: readonly KubeObject[],
  kind: "ConfigMap" | "Secret",
  ref: KeyRef | undefined,
): readonly string[] {
  if (ref === undefined || ref.optional) return [];
  const found = ofKind<Texts>(all, kind).find(({ metadata }) => metadata.name === ref.name);
  if (found !== undefined && keysOf(found).includes(ref.key)) return [];
  return [`takes ${variable} from ${ref.key} of ${kind} ${ref.name}, which nothing here makes`];
}

function keysOf({ data, binaryData, stringData }: Texts): readonly string[] {
  return Object.keys({ ...data, ...binaryData, ...stringData });
}
