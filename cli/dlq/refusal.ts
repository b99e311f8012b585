import type { Letter } from "../../lib/delivery/letter.ts";

const claims = {
  late: "older than the duplicate window: under its id it stays late, and whether a copy of it has counted is unknown; --new-id gives it an id of its own, under which it may count twice",
  conflict:
    "its id belongs to another payload: under its id it stays in conflict; --new-id gives it an id of its own",
} as const;

/** Whether a letter has to get another id before it can have an effect. */
export function needsNewId({ reason, formerId }: Letter): boolean {
  return (reason === "late" || reason === "conflict") && formerId === undefined;
}

/** Why a letter cannot be published again, in a sentence; undefined where it can. */
export function refusalOf(letter: Letter, newId: boolean): string | undefined {
  if (letter.cut.includes("body")) {
    return `its body was cut, of ${letter.bodyBytes} bytes ${letter.body.byteLength} are here: it cannot be published again as it is; dlq edit gives it another one`;
  }
  if (newId || !needsNewId(letter)) return undefined;
  return letter.reason === "late" ? claims.late : claims.conflict;
}
