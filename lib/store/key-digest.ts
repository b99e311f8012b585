import { createHash } from "node:crypto";

/** The digest of texts whose order means nothing. */
export function digestOf(parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of [...parts].sort()) hash.update(`${part.length}:`).update(part);
  return hash.digest("base64url");
}
