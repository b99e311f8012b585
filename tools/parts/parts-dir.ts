import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The folder of the installed servers: `PARTS_DIR`, else one in the user's cache. */
export function partsDir(env: Readonly<Record<string, string | undefined>>): string {
  if (env.PARTS_DIR) return resolve(env.PARTS_DIR);
  const cache = env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(cache, "tweet-pipeline", "parts");
}
