import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A key with a certificate that it signed itself, for a day and the names of this machine. */
export interface TestCertificate extends Disposable {
  readonly key: string;
  readonly cert: string;
  /** A file with both. */
  readonly file: string;
}

/** Whether this machine can make one. */
export const canCertify = Bun.which("openssl") !== null;

/** Makes one by `openssl`; `name` is its server's, beside 127.0.0.1. */
export function testCertificate(name = "localhost"): TestCertificate {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-certificate-"));
  const [keyFile, certFile, file] = ["key", "cert", "both"].map((each) => join(dir, each));
  const made = Bun.spawnSync([
    ...["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
    ...["-nodes", "-days", "1", "-subj", `/CN=${name}`],
    ...["-addext", `subjectAltName=DNS:${name},IP:127.0.0.1`],
    ...["-keyout", keyFile ?? "", "-out", certFile ?? ""],
  ]);
  if (!made.success) throw new Error(`Cannot make a certificate: ${made.stderr}`);
  const [key, cert] = [readFileSync(keyFile ?? "", "utf8"), readFileSync(certFile ?? "", "utf8")];
  writeFileSync(file ?? "", key + cert);
  return {
    key,
    cert,
    file: file ?? "",
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}
