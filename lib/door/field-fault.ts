/** What is wrong with one field; `field` is empty where it is the whole body. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/** How many faults a reply names; a body of nothing but unknown fields must not make a large reply. */
const faultsMax = 100;

/** How much of a client's text a reply repeats, in characters. */
const echoMax = 40;

/** A client's text, short enough to repeat in a reply. */
export function echo(text: string): string {
  return text.length > echoMax ? `${text.slice(0, echoMax)}…` : text;
}

/** The first hundred faults, and how many more there are. */
export function bounded(faults: readonly FieldFault[]): readonly FieldFault[] {
  if (faults.length <= faultsMax) return faults;
  const more = { field: "", message: `and ${faults.length - faultsMax} more faults` };
  return [...faults.slice(0, faultsMax), more];
}
