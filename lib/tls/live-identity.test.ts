import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../config.ts";
import { createLog, silentLog } from "../log.ts";
import { mountedSecret, testAuthority } from "../testing/test-authority.ts";
import { canCertify } from "../testing/test-certificate.ts";
import { until } from "../testing/until.ts";
import type { IdentityFiles } from "./identity.ts";
import { openIdentity } from "./live-identity.ts";

/** A log whose lines are kept. */
function keptLog() {
  const lines: string[] = [];
  return { lines, log: createLog({}, (line) => lines.push(line)) };
}

const open = (files: IdentityFiles) => openIdentity(files, { log: silentLog });

async function faultsOf(files: IdentityFiles): Promise<readonly string[]> {
  const found = await open(files).catch((error: unknown) => error);
  if (!(found instanceof ConfigError)) throw new Error(`no fault: ${String(found)}`);
  return found.faults;
}

describe.skipIf(!canCertify)("an identity", () => {
  const authority = testAuthority();
  afterAll(() => authority[Symbol.dispose]());
  const file = (name: string, text: string) => {
    const path = join(authority.dir, name);
    writeFileSync(path, text);
    return path;
  };

  test("is what its files hold, and ends when its certificate does", async () => {
    const files = authority.issue({ days: 2 });
    using identity = await open(files);
    expect(identity.current.cert).toBe(readFileSync(files.cert, "utf8"));
    expect(identity.current.ca).toBe(authority.ca);
    const days = (identity.current.endsAtMs - Date.now()) / 86_400_000;
    expect(days).toBeWithin(1.9, 2.01);
  });

  test("is refused with every fault named, by its variable, and no key is repeated", async () => {
    const good = authority.issue();
    const nowhere = join(authority.dir, "nowhere");
    expect(await faultsOf({ cert: nowhere, key: nowhere, ca: nowhere })).toEqual([
      expect.stringMatching(
        /^HOP_CERT_FILE cannot be read: .*ENOENT.*: current value is ".*nowhere"$/,
      ),
      expect.stringMatching(/^HOP_KEY_FILE cannot be read: /),
      expect.stringMatching(/^HOP_CA_FILE cannot be read: /),
    ]);
    const swapped = { cert: good.key, key: good.cert, ca: good.key };
    const faults = await faultsOf(swapped);
    expect(faults).toEqual([
      `HOP_CERT_FILE must hold a certificate in PEM: current value is "${good.key}"`,
      `HOP_KEY_FILE must hold a private key in PEM, without a passphrase: current value is "${good.cert}"`,
      `HOP_CA_FILE must hold an authority's certificate in PEM: current value is "${good.key}"`,
    ]);
    const broken = readFileSync(good.cert, "utf8").replace(/[A-Z]{4}/, "!!!!");
    expect(await faultsOf({ ...good, cert: file("broken", broken) })).toEqual([
      expect.stringContaining("HOP_CERT_FILE must hold a certificate in PEM"),
    ]);
  });

  test("is refused with the key of another certificate, a certificate for one end alone, or no authority's", async () => {
    const [good, other] = [authority.issue(), authority.issue()];
    expect(await faultsOf({ ...good, key: other.key })).toEqual([
      `HOP_KEY_FILE must be the key of the certificate in HOP_CERT_FILE: current value is "${other.key}"`,
    ]);
    const server = authority.issue({ usage: "serverAuth" });
    expect(await faultsOf(server)).toEqual([
      `HOP_CERT_FILE must be good for servers and for clients (extended key usage): current value is "${server.cert}"`,
    ]);
    expect(await faultsOf({ ...good, ca: good.cert })).toEqual([
      `HOP_CA_FILE must hold certificates of authorities: current value is "${good.cert}"`,
    ]);
  });

  test("may have several authorities, and a chain, which ends with the first of it", async () => {
    using later = testAuthority();
    const files = authority.issue({ days: 2 });
    const [short] = [later.issue({ days: 1 })];
    const chain = readFileSync(files.cert, "utf8") + readFileSync(short.cert, "utf8");
    const both = { ...files, ca: file("both", authority.ca + later.ca) };
    using identity = await open({ ...both, cert: file("chain", chain) });
    expect(identity.current.ca).toBe(authority.ca + later.ca);
    expect((identity.current.endsAtMs - Date.now()) / 86_400_000).toBeWithin(0.9, 1.01);
  });

  test("follows its files as Kubernetes swaps them, each change told once", async () => {
    const secret = mountedSecret(authority.dir, authority.issue());
    using identity = await openIdentity(secret.files, { log: silentLog, everyMs: 10 });
    const heard: string[] = [];
    const unfollow = identity.follow(({ cert }) => heard.push(cert));
    const [second, third] = [authority.issue(), authority.issue()];
    const certOf = ({ cert }: IdentityFiles) => readFileSync(cert, "utf8");
    secret.swap(second);
    await until("the second", () => identity.current.cert === certOf(second));
    unfollow();
    secret.swap(third);
    await until("the third", () => identity.current.cert === certOf(third));
    expect(heard).toEqual([certOf(second)]);
  });

  test("stays as it was while its files do not fit each other, which is told once, not at the first look", async () => {
    const { lines, log } = keptLog();
    const [first, other] = [authority.issue(), authority.issue()];
    const secret = mountedSecret(authority.dir, first);
    using identity = await openIdentity(secret.files, { log, everyMs: 10 });
    const { cert } = identity.current;
    secret.swap({ ...other, key: first.key });
    await until("the fault to be told", () => lines.length > 0);
    expect(lines[0]).toContain("HOP_KEY_FILE must be the key of the certificate in HOP_CERT_FILE");
    expect(lines[0]).not.toContain("PRIVATE");
    expect(identity.current.cert).toBe(cert);
    secret.swap(other);
    await until("the next one", () => identity.current.cert !== cert);
    expect(lines.length).toBe(1);
  });
});
