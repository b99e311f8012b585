import { hash, randomBytes } from "node:crypto";

const keyBytes = 32;

/** A key of ours as it is presented: a mark that people and scanners of repositories know, and 256 random bits. */
export const keyPattern = /tp_[\w-]{43}/;

/** No key is longer, in characters; what is presented is looked at no further. */
const keyCharsMax = 256;

/** How many characters of a digest tell people which key is meant. */
const hintChars = 8;

/** A fresh key. */
export function newApiKey(): string {
  return `tp_${randomBytes(keyBytes).toString("base64url")}`;
}

/**
 * The SHA-256 of a key, all that is kept of one. Salt and a slow hash protect secrets that can be guessed, which 256 random
 * bits cannot be: one approved hash is right from 112 bits on (NIST SP 800-63B, section 5.1.2.2), and every request
 * costs one.
 */
export function digestOf(key: string): Buffer {
  return hash("sha256", key.slice(0, keyCharsMax + 1), "buffer");
}

/** What logs and lists show of a key: the first 8 hexadecimal digits of its digest, from which nobody can find it. */
export function hintOf(digest: Buffer): string {
  return digest.toString("hex", 0, hintChars / 2);
}
