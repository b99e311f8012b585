/** The HTTP header and gRPC metadata that carry a key where `authorization` carries something else. */
export const apiKeyHeader = "x-api-key";

/** A header as servers hand it over. */
export type HeaderValue = string | readonly string[] | null | undefined;

const bearer = /^bearer +(\S+)$/i;

/** The key that a request presents: `Authorization: Bearer <key>` (RFC 6750, section 2.1), else `X-API-Key`. */
export function presentedKey(authorization: HeaderValue, apiKey: HeaderValue): string | undefined {
  const token = typeof authorization === "string" ? bearer.exec(authorization)?.[1] : undefined;
  if (token !== undefined) return token;
  return typeof apiKey === "string" && apiKey !== "" ? apiKey : undefined;
}
