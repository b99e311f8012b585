/** The members of a JSON object, as broker forms are read. */
export interface JsonFields {
  /** The member as it stands. */
  value(name: string): unknown;
  /** @throws Error where the member is no whole number within the bounds. */
  whole(name: string, min: number, max: number): number;
  /**
   * A text of 1 to `charsMax` characters; a number is taken as text.
   *
   * @throws Error where the member is neither.
   */
  text(name: string, charsMax: number): string;
}

/** @throws Error where `json` is no JSON object. */
export function jsonFields(json: unknown): JsonFields {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new Error("must be a JSON object");
  }
  const members = new Map(Object.entries(json));
  return {
    value: (name) => members.get(name),
    whole: (name, min, max) => {
      const value = members.get(name);
      if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
        // Adding 0 makes 0 of -0.
        return value + 0;
      }
      throw fault(name, `a whole number from ${min} to ${max}`, value);
    },
    text: (name, charsMax) => {
      const value = members.get(name);
      const text = typeof value === "number" ? `${value}` : value;
      if (typeof text === "string" && text !== "" && [...text].length <= charsMax) return text;
      throw fault(name, `a text of 1 to ${charsMax} characters`, value);
    },
  };
}

function fault(name: string, expected: string, value: unknown): Error {
  const shown = JSON.stringify(value)?.slice(0, 100);
  return new Error(`${name} must be ${expected}: current value is ${shown}`);
}
