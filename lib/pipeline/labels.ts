import { plain } from "./slug.ts";

/** The words that stand for an enum's values on a broker. */
export interface Labels {
  /** The word that is written for a value. */
  nameOf(value: number): string;
  /**
   * The value that a word stands for, in any case and with or without accents.
   *
   * @throws Error naming the field and what it may be.
   */
  valueOf(word: unknown): number;
  /** The words that are written, in the order of their values. */
  readonly names: readonly string[];
}

/** A table of words for the broker field `field`: the first word of a value is written, all are read. */
export function labels(
  field: string,
  words: Readonly<Record<number, readonly [string, ...string[]]>>,
): Labels {
  const written = new Map(Object.entries(words).map(([value, [first]]) => [Number(value), first]));
  const read = new Map(
    Object.entries(words).flatMap(([value, all]) =>
      all.map((word) => [plain(word), Number(value)]),
    ),
  );
  const names = [...written.values()];
  return {
    names,
    nameOf: (value) => {
      const word = written.get(value);
      if (word === undefined) throw new Error(`Cannot name ${field}: current value is ${value}`);
      return word;
    },
    valueOf: (word) => {
      const value = typeof word === "string" ? read.get(plain(word.trim())) : undefined;
      if (value === undefined) {
        throw new Error(
          `${field} must be one of ${names.join(", ")}: current value is ${JSON.stringify(word)}`,
        );
      }
      return value;
    },
  };
}
