import { EnvValue, type ISecret, Secret } from "cdk8s-plus-28";
import { Construct } from "constructs";
import {
  ConfigError,
  type ConfigOf,
  type ConfigSpec,
  type EnvOf,
  readConfig,
  type Variable,
} from "../../lib/config.ts";

/** The configuration table of one of our services: all of them have an admin port. */
export interface ServiceSpec extends ConfigSpec {
  /** The port that probes ask. */
  readonly ADMIN_PORT: Variable<number>;
}

/** A value that a Secret of the namespace holds. */
export interface SecretKey {
  /** The Secret's name. */
  readonly secret: string;
  /** The key within the Secret. */
  readonly key: string;
}

/** The environment that a service's table accepts, each value in the clear or from a Secret. */
export type ServiceEnv<S extends ConfigSpec> = {
  readonly [K in keyof EnvOf<S>]: EnvOf<S>[K] | SecretKey;
};

/** An address, of one place or of several, with a login; or with one in its query. */
const passwordInside = /^[a-z+]+:\/\/([^/?#]*:[^/?#]+@|[^#]*[?&]\w*password=[^&#])/i;

type Entry = readonly [name: string, value: string | SecretKey];

/**
 * What a service would read from the values in the clear; what Secrets hold has the table's default here.
 *
 * @throws Error naming every value that the service would refuse, and any that has a password in it.
 */
export function readEnv<S extends ConfigSpec>(
  workload: string,
  spec: S,
  env: ServiceEnv<S>,
): ConfigOf<S> {
  const given = entriesOf(env);
  const secret = new Set(given.flatMap(([name, value]) => (isClear(value) ? [] : [name])));
  const clear = given.flatMap(([name, value]) => (isClear(value) ? [[name, value] as const] : []));
  for (const [name, value] of clear) {
    if (name.endsWith("PASSWORD") || passwordInside.test(value)) {
      throw new Error(
        `Cannot deploy ${workload}: ${name} has a password in the clear: take it from a Secret`,
      );
    }
  }
  const optional = Object.entries(spec).map(([name, variable]) => [
    name,
    secret.has(name) ? { ...variable, required: false } : variable,
  ]);
  try {
    return readConfig(Object.fromEntries(optional) as S, Object.fromEntries(clear));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new Error(`Cannot deploy ${workload}: ${error.faults.join("; ")}`, { cause: error });
  }
}

/** The environment as containers take it. */
export function envVariables<S extends ConfigSpec>(
  scope: Construct,
  env: ServiceEnv<S>,
): Record<string, EnvValue> {
  const secrets = new Construct(scope, "secrets");
  const secretOf = (name: string): ISecret =>
    (secrets.node.tryFindChild(name) as ISecret | undefined) ??
    Secret.fromSecretName(secrets, name, name);
  return Object.fromEntries(
    entriesOf(env).map(([name, value]) => [
      name,
      isClear(value)
        ? EnvValue.fromValue(value)
        : EnvValue.fromSecretValue({ secret: secretOf(value.secret), key: value.key }),
    ]),
  );
}

function entriesOf<S extends ConfigSpec>(env: ServiceEnv<S>): readonly Entry[] {
  const all = Object.entries<string | SecretKey | undefined>(env);
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

function isClear(value: string | SecretKey): value is string {
  return typeof value === "string";
}
