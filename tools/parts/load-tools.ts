import { join } from "node:path";
import { installParts } from "./provision.ts";
import { pythonVenv } from "./python-venv.ts";
import { parts } from "./testing.ts";

const requirements = join(import.meta.dir, "../../loadtest/locust/requirements.txt");

/** Locust: the one that `LOCUST` names or that is on the path, else one that is installed beside the real servers. */
export async function findLocust(): Promise<string | undefined> {
  const found = Bun.which(process.env.LOCUST ?? "locust");
  if (found !== null || parts === undefined) return found ?? undefined;
  const part = pythonVenv("locust", requirements, "name an installed Locust in LOCUST");
  await installParts([[part]], { dir: parts.dir });
  return join(parts.dir, "locust", "bin", "locust");
}

/** k6: the one that `K6` names or that is on the path. Building it takes minutes, which no test run is worth. */
export function findK6(): string | undefined {
  return Bun.which(process.env.K6 ?? "k6") ?? undefined;
}
