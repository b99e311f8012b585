import type { SecretPlan } from "../../services/secrets/config.ts";

/** The place of a random value in a derived one of the same Secret. */
export const placeOf = (key: string): string => `{{${key}}}`;

/** Every key of a Secret, for whoever makes it by hand. */
export function keysOf({ random, derived }: SecretPlan): readonly string[] {
  return [...random, ...Object.keys(derived)];
}
