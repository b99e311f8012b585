import type { Log } from "../../lib/log.ts";
import { pause } from "../../lib/pause.ts";
import type { SecretPlan } from "./config.ts";
import { type Cluster, createSecret } from "./create-secret.ts";
import { secretValues } from "./secret-values.ts";

/** What making Secrets takes. */
export interface SecretsOptions {
  readonly cluster: Cluster;
  readonly plans: readonly SecretPlan[];
  readonly passwordLength: number;
  readonly log: Log;
  /** How often an API server that does not answer is asked. @default 30 */
  readonly triesMax?: number;
  /** The pause before the next try. @default 1,000 */
  readonly pauseMs?: number;
}

/**
 * Makes every Secret that is missing. One that is there is left as it is, whatever it holds: servers keep the password
 * that they began with. Making them twice at the same time is safe: the one who comes second changes nothing.
 *
 * @throws Error when the API server refuses, or cannot be asked.
 */
export async function makeSecrets(options: SecretsOptions): Promise<void> {
  const { plans, log } = options;
  for (const plan of plans) {
    const made = await makeSecret(options, plan);
    log.info(made ? "made a Secret" : "left a Secret as it is", { secret: plan.name });
  }
}

/** Whether it was missing. A try that got no answer may have made it: then the next one finds it. */
async function makeSecret(
  { cluster, passwordLength, log, triesMax = 30, pauseMs = 1_000 }: SecretsOptions,
  plan: SecretPlan,
): Promise<boolean> {
  const values = secretValues(plan, passwordLength);
  let why = "";
  for (let tries = 0; tries < triesMax; tries++) {
    if (tries > 0) await pause(pauseMs);
    const creation = await createSecret(cluster, plan.name, values);
    if (creation.kind !== "again") return creation.kind === "made";
    if (creation.why !== why) log.warn("asking again", { secret: plan.name, why: creation.why });
    why = creation.why;
  }
  throw new Error(
    `Cannot create Secret ${plan.name}: the API server was asked ${triesMax} times: ${why}`,
  );
}
