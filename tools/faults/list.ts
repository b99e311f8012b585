import type { Fault } from "./fault.ts";
import { notProduced } from "./not-produced.ts";

/** All faults with the policies that they are tried under, and what cannot be produced. */
export function listLines(faults: readonly Fault[]): readonly string[] {
  const sorted = faults.toSorted((a, b) => (a.numbers[0] ?? 0) - (b.numbers[0] ?? 0));
  return [
    ...sorted.flatMap(({ numbers, name, title, targets, short = [], notWith }) => [
      `${numbers.join(", ").padStart(3)}  ${name.padEnd(28)} ${title}`,
      `     under ${targets.join(", ")}${short.length > 0 ? `; short form: ${short.join(", ")}` : ""}${notWith === undefined ? "" : `; not ${notWith}`}`,
    ]),
    "",
    "not produced",
    ...notProduced.map(({ number, what, why }) => `${`${number}`.padStart(3)}  ${what}: ${why}`),
  ];
}
