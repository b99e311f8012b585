import { randomBytes } from "node:crypto";
import { places, type SecretPlan } from "./config.ts";

/** The values of a Secret: every random one drawn anew, the derived ones made of these. */
export function secretValues(
  { random, derived }: SecretPlan,
  passwordLength: number,
): Readonly<Record<string, string>> {
  const passwords = new Map(random.map((key) => [key, password(passwordLength)]));
  const filled = Object.entries(derived).map(([key, value]) => [
    key,
    value.replaceAll(places, (_, place: string) => passwords.get(place) ?? ""),
  ]);
  return { ...Object.fromEntries(passwords), ...Object.fromEntries(filled) };
}

/** Six random bits a character. */
function password(length: number): string {
  return randomBytes(length).toString("base64url").slice(0, length);
}
