import { createPrivateKey, X509Certificate } from "node:crypto";
import type { FileText } from "../watch-text.ts";

/** What a process shows to other stations, and whose certificates it believes; all in PEM. */
export interface Identity {
  /** The certificate, and those between it and the authority where there are any. */
  readonly cert: string;
  readonly key: string;
  /** The authority, or several. */
  readonly ca: string;
  /** When the first of its certificates ends, in milliseconds since 1970. */
  readonly endsAtMs: number;
}

/** The files of an identity, by what is in them. */
export type IdentityFiles = Readonly<Record<"cert" | "key" | "ca", string>>;

/** The variables that name the files. */
export const fileVariables: IdentityFiles = {
  cert: "HOP_CERT_FILE",
  key: "HOP_KEY_FILE",
  ca: "HOP_CA_FILE",
};

/** What each file was found to hold. */
export type IdentityTexts = Readonly<Record<keyof IdentityFiles, FileText>>;

/** What is wrong with an identity's files, one sentence each. */
export interface IdentityFaults {
  readonly faults: readonly string[];
}

/** A certificate that names what it is good for must be good for both ends of a hop (RFC 5280, section 4.2.1.12). */
const usages = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];

/** The identity that texts of files are, or every fault of them. None of them is repeated: one is a private key. */
export function identityOf(files: IdentityFiles, texts: IdentityTexts): Identity | IdentityFaults {
  const faults: string[] = [];
  const refuse = (name: keyof IdentityFiles, why: string) => {
    faults.push(`${fileVariables[name]} ${why}: current value is "${files[name]}"`);
    return undefined;
  };
  const read = <T>(name: keyof IdentityFiles, what: string, parse: (text: string) => T) => {
    const found = texts[name];
    if ("error" in found) return refuse(name, `cannot be read: ${found.error.message}`);
    return attempt(() => parse(found.text)) ?? refuse(name, `must hold ${what}`);
  };
  const own = read("cert", "a certificate in PEM", certificatesIn);
  const key = read("key", "a private key in PEM, without a passphrase", createPrivateKey);
  const authorities = read("ca", "an authority's certificate in PEM", certificatesIn);
  const [leaf] = own ?? [];
  if (leaf !== undefined && key !== undefined && !leaf.checkPrivateKey(key)) {
    refuse("key", `must be the key of the certificate in ${fileVariables.cert}`);
  }
  if (leaf?.keyUsage !== undefined && !usages.every((usage) => leaf.keyUsage?.includes(usage))) {
    refuse("cert", "must be good for servers and for clients (extended key usage)");
  }
  if (authorities?.some(({ ca }) => !ca)) refuse("ca", "must hold certificates of authorities");
  if (faults.length > 0 || own === undefined) return { faults };
  return {
    cert: textOf(texts.cert),
    key: textOf(texts.key),
    ca: textOf(texts.ca),
    endsAtMs: Math.min(...own.map(({ validTo }) => Date.parse(validTo))),
  };
}

/** @throws Error where there is none, or one that cannot be read. */
function certificatesIn(pem: string): readonly X509Certificate[] {
  const all = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (all.length === 0) throw new Error("there is no certificate");
  return all.map((each) => new X509Certificate(each));
}

function textOf(found: FileText): string {
  return "text" in found ? found.text : "";
}

/** What a parser throws is about bytes that may be a key's: nobody hears of it. */
function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
