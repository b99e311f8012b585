import { Chart } from "cdk8s";
import type { Construct } from "constructs";
import type { SecretPlan } from "../../services/secrets/config.ts";
import { amqp } from "./rabbit-ports.ts";
import { placeOf } from "./secret-plan.ts";
import type { SecretKey } from "./service-env.ts";

/** RabbitMQ's addresses, which hold its password. */
export interface RabbitAddress {
  /** The address. */
  readonly url: SecretKey;

  /** The address as every namespace finds it; undefined where the chart has none itself. */
  readonly urlFromAnywhere: SecretKey | undefined;

  /** What the Secret of the password holds for them. */
  readonly derived: SecretPlan["derived"];
}

/** The addresses of RabbitMQ behind a Service, in the Secret that holds `password`. */
export function rabbitAddress(
  scope: Construct,
  {
    user,
    service,
    secret,
  }: { readonly user: string; readonly service: string; readonly secret: string },
): RabbitAddress {
  const { namespace } = Chart.of(scope);
  const at = (host: string) => `amqp://${user}:${placeOf("password")}@${host}:${amqp.targetPort}`;
  const url = at(service);
  if (namespace === undefined) {
    return { url: { secret, key: "url" }, urlFromAnywhere: undefined, derived: { url } };
  }
  const far = "url-from-anywhere";
  return {
    url: { secret, key: "url" },
    urlFromAnywhere: { secret, key: far },
    derived: { url, [far]: at(`${service}.${namespace}.svc`) },
  };
}
