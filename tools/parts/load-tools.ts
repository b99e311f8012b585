import { join } from "node:path";
import { installParts, logOf, type Part, type ProvisionOptions } from "./provision.ts";
import { pythonVenv } from "./python-venv.ts";
import { runStep } from "./run-step.ts";
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

const toxiproxyModule = "github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0";
const buildTimeoutMs = 600_000;

const toxiproxy: Part = {
  name: "toxiproxy",
  needs: { go: "go (1.23 or newer)" },
  wayOut: "leave out the faults that cut connections",
  recipe: toxiproxyModule,
  install: (folder, options) =>
    runStep({
      command: ["go", "install", "-trimpath", "-ldflags=-s -w", toxiproxyModule],
      env: { GOBIN: folder },
      logFile: logOf(options, "toxiproxy"),
      timeoutMs: buildTimeoutMs,
      signal: options.signal,
    }),
};

/** Toxiproxy, which stands between two programs and cuts what they say: its server, built where it is missing. */
export async function installToxiproxy(options: ProvisionOptions): Promise<string> {
  await installParts([[toxiproxy]], options);
  return join(options.dir, toxiproxy.name, "server");
}
