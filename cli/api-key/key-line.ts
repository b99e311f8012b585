import { digestOf } from "../../lib/auth/api-key.ts";
import type { NewKey } from "./arguments.ts";

/** The line of a keys file that stands for a key. */
export function keyLine(
  key: string,
  { client, ratePerSecond, untilMs }: Pick<NewKey, "client" | "ratePerSecond" | "untilMs">,
): string {
  return [
    client,
    digestOf(key).toString("hex"),
    ...(ratePerSecond === undefined ? [] : [`rate=${ratePerSecond}`]),
    ...(untilMs === undefined ? [] : [`until=${instantOf(untilMs)}`]),
  ].join(" ");
}

/** A time as people and files have it, to the second. */
export function instantOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
