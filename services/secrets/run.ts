import { ConfigError, type ConfigOf, EXIT_CONFIG, readConfig } from "../../lib/config.ts";
import { configFile } from "../../lib/config-file.ts";
import { createLog } from "../../lib/log.ts";
import { makeSecrets } from "./app.ts";
import { spec } from "./config.ts";
import type { Cluster } from "./create-secret.ts";

/** Makes the Secrets of the environment; resolves with the exit code: 0, 1 for a failure, 78 for a bad configuration. */
export async function runSecrets(
  env: Readonly<Record<string, string | undefined>>,
  write: (line: string) => void,
): Promise<number> {
  const log = createLog({ service: "secrets", pid: process.pid }, write);
  try {
    const config = readConfig(spec, env);
    await makeSecrets({
      cluster: clusterOf(config),
      plans: config.PLAN,
      passwordLength: config.PASSWORD_LENGTH,
      log,
    });
    return 0;
  } catch (error) {
    log.error("failed", { error });
    return error instanceof ConfigError ? EXIT_CONFIG : 1;
  }
}

function clusterOf(config: ConfigOf<typeof spec>): Cluster {
  const url = config.API_URL;
  return {
    url,
    ca: url.protocol === "https:" ? configFile("CA_FILE", config.CA_FILE) : undefined,
    token: configFile("TOKEN_FILE", config.TOKEN_FILE),
    namespace: configFile("NAMESPACE_FILE", config.NAMESPACE_FILE),
  };
}
