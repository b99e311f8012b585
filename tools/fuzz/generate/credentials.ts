import fc from "fast-check";

/** How a request shows a client's key, or does not. */
export const credentialKinds = [
  ...([
    "bearer",
    "small bearer",
    "header",
    "none",
    "wrong",
    "basic",
    "empty",
    "cut",
    "odd",
  ] as const),
] as const;

/** One of `credentialKinds`. */
export type CredentialKind = (typeof credentialKinds)[number];

/** Mostly the right key. */
export const credentials: fc.Arbitrary<CredentialKind> = fc.oneof(
  { weight: 9, arbitrary: fc.constant<CredentialKind>("bearer") },
  { weight: 3, arbitrary: fc.constantFrom(...credentialKinds) },
);

/** Whether a request that shows its key so is let in. */
export function isLetIn(kind: CredentialKind): boolean {
  return kind === "bearer" || kind === "small bearer" || kind === "header";
}

/** The header lines by which a key is shown. */
export function credentialLines(
  kind: CredentialKind,
  key: string,
): readonly (readonly [name: string, value: string])[] {
  switch (kind) {
    case "bearer":
      return [["authorization", `Bearer ${key}`]];
    case "small bearer":
      return [["authorization", `bearer   ${key}`]];
    case "header":
      return [["x-api-key", key]];
    case "none":
      return [];
    case "wrong":
      return [["authorization", `Bearer ${key.toLowerCase()}x`]];
    case "basic":
      return [["authorization", `Basic ${btoa(`user:${key}`)}`]];
    case "empty":
      return [["authorization", "Bearer "]];
    case "cut":
      return [["x-api-key", key.slice(0, -1)]];
    case "odd":
      return [["authorization", `Bearer ${"A".repeat(4_000)} ${key}`]];
  }
}
