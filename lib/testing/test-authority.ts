import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IdentityFiles } from "../tls/identity.ts";

/** What a certificate of tests says. */
export interface Issue {
  /** For whom it is, as OpenSSL writes it. @default the names of this machine */
  readonly names?: string;
  /** For how many days; -1 makes one that has ended. @default 2 */
  readonly days?: number;
  /** What it is good for, as OpenSSL writes it. @default servers and clients */
  readonly usage?: string;
}

/** An authority of tests, with a folder of its own that goes when it is disposed. */
export interface TestAuthority extends Disposable {
  readonly dir: string;
  /** Its own certificate, in PEM. */
  readonly ca: string;
  /** Signs a certificate: three files, all in PEM. */
  issue(issue?: Issue): IdentityFiles;
}

const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
const here = "DNS:localhost,DNS:writer.test,IP:127.0.0.1,IP:::1";

/** Makes an authority by `openssl`. */
export function testAuthority(): TestAuthority {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-authority-"));
  const [caFile, caKey] = [join(dir, "ca.crt"), join(dir, "ca.key")];
  const self = ["-x509", "-days", "2", "-subj", `/CN=${crypto.randomUUID()}`];
  openssl("req", ...self, ...curve, "-keyout", caKey, "-out", caFile);
  let issued = 0;
  return {
    dir,
    ca: readFileSync(caFile, "utf8"),
    issue: ({ names = here, days = 2, usage = "serverAuth,clientAuth" } = {}) => {
      issued += 1;
      const own = join(dir, `${issued}`);
      mkdirSync(own);
      const files = {
        cert: join(own, "tls.crt"),
        key: join(own, "tls.key"),
        ca: join(own, "ca.crt"),
      };
      const request = join(own, "request");
      const says = ["-addext", `subjectAltName=${names}`, "-addext", `extendedKeyUsage=${usage}`];
      openssl(
        "req",
        ...curve,
        "-subj",
        "/CN=station",
        ...says,
        "-keyout",
        files.key,
        "-out",
        request,
      );
      const signed = ["-req", "-in", request, "-copy_extensions", "copy", "-days", `${days}`];
      const by = ["-CA", caFile, "-CAkey", caKey, "-CAcreateserial"];
      openssl("x509", ...signed, ...by, "-out", files.cert);
      copyFileSync(caFile, files.ca);
      return files;
    },
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** What a Secret of the type `kubernetes.io/tls` calls the files. */
const secretKeys = [
  ["cert", "tls.crt"],
  ["key", "tls.key"],
  ["ca", "ca.crt"],
] as const;

/** A folder as Kubernetes mounts a Secret: files that lead through a link, which is swapped when the Secret changes. */
export function mountedSecret(dir: string, first: IdentityFiles) {
  const mount = join(dir, `mount-${crypto.randomUUID()}`);
  mkdirSync(mount);
  const swap = (to: IdentityFiles) => {
    const version = join(mount, `..${crypto.randomUUID()}`);
    mkdirSync(version);
    for (const [name, key] of secretKeys) copyFileSync(to[name], join(version, key));
    symlinkSync(version, join(mount, "..data_tmp"));
    renameSync(join(mount, "..data_tmp"), join(mount, "..data"));
  };
  swap(first);
  for (const [, key] of secretKeys) symlinkSync(join("..data", key), join(mount, key));
  const files = Object.fromEntries(secretKeys.map(([name, key]) => [name, join(mount, key)]));
  return { files: files as IdentityFiles, swap };
}

/** Where relays find an identity. */
export function identityEnv({ cert, key, ca }: IdentityFiles) {
  return { HOP_CERT_FILE: cert, HOP_KEY_FILE: key, HOP_CA_FILE: ca };
}

function openssl(...words: readonly string[]): void {
  const made = Bun.spawnSync(["openssl", ...words]);
  if (!made.success) throw new Error(`Cannot make a certificate: ${made.stderr}`);
}
