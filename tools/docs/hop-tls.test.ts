import { describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { grpcStation } from "../../lib/hop/testing/grpc-station.ts";
import { silentLog } from "../../lib/log.ts";
import { identityEnv } from "../../lib/testing/test-authority.ts";
import { canCertify } from "../../lib/testing/test-certificate.ts";
import { until } from "../../lib/testing/until.ts";
import { openIdentity } from "../../lib/tls/live-identity.ts";
import { relayProcess } from "../../services/relay/testing/relay-process.ts";

const page = readFileSync(resolve(import.meta.dir, "../../docs/hop-tls.md"), "utf8");
const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
const byHand = blocks.find((text) => text.includes("openssl req")) ?? "";

describe.skipIf(!canCertify)("docs/hop-tls.md", () => {
  test("its commands make what relays go by, and a tweet goes through", async () => {
    const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-docs-"));
    try {
      const run = Bun.spawnSync(["bash", "-euc", byHand], { cwd: dir });
      expect([run.exitCode, run.success || `${run.stderr}`]).toEqual([0, true]);
      const [cert, key, ca] = [join(dir, "tls.crt"), join(dir, "tls.key"), join(dir, "ca.crt")];
      using identity = await openIdentity({ cert, key, ca }, { log: silentLog });
      expect((identity.current.endsAtMs - Date.now()) / 86_400_000).toBeWithin(89.9, 90.1);
      await using writer = await grpcStation(0, {}, { identity, onFault: () => {} });
      await using api = await relayProcess("clima-app/api", {
        ...identityEnv({ cert, key, ca }),
        GRPC_SERVER_URL: `localhost:${writer.port}`,
      });
      await until("the API to be ready", api.ready);
      expect((await api.post("/clima")).status).toBe(200);
      expect(writer.publisher.stored.length).toBe(1);
    } finally {
      rmSync(dir, { recursive: true });
    }
  }, 20_000);

  test("names tests that are there", () => {
    const named = [...page.matchAll(/`([\w/-]+\.test\.ts)`/g)].map(([, file = ""]) => file);
    expect(named.length).toBeGreaterThan(5);
    for (const file of new Set(named)) {
      expect(existsSync(resolve(import.meta.dir, "../..", file))).toBe(true);
    }
  });
});
