/** A field's value: text, or a whole number (other numbers are scaled first, so that sums are exact). */
export type Scalar = string | number;

/**
 * One change that an event makes to the store. Operations are data: every store driver runs the same ones, and all
 * of an event's operations happen or none. Numbers are integers within ±2^53. Times to live run from the event's
 * own time, not from the moment of writing.
 */
export type Operation =
  /** Adds 1 to the counter at `key`. */
  | { readonly op: "count"; readonly key: string }
  /** Adds 1 to a field of the hash at `key`. */
  | { readonly op: "countField"; readonly key: string; readonly field: string }
  /** Adds `value` to a field of the hash at `key`. */
  | { readonly op: "sum"; readonly key: string; readonly field: string; readonly value: number }
  /** Lowers a field of the hash at `key` to `value`, if it is not lower already. */
  | { readonly op: "min"; readonly key: string; readonly field: string; readonly value: number }
  /** Raises a field of the hash at `key` to `value`, if it is not higher already. */
  | { readonly op: "max"; readonly key: string; readonly field: string; readonly value: number }
  /** Replaces these fields of the hash at `key`, if no event with a higher id did. */
  | {
      readonly op: "setHash";
      readonly key: string;
      readonly fields: Readonly<Record<string, Scalar>>;
      readonly ttlMs?: number;
    }
  /** Replaces the value at `key`, if no event with a higher id did. */
  | {
      readonly op: "setValue";
      readonly key: string;
      readonly value: string;
      readonly ttlMs?: number;
    }
  /** Appends an entry to the stream at `key`, whose newest `maxLength` entries stay. */
  | {
      readonly op: "append";
      readonly key: string;
      readonly fields: Readonly<Record<string, Scalar>>;
      readonly maxLength: number;
    }
  /** Appends a value to the list at `key`, whose newest `maxLength` values stay. */
  | {
      readonly op: "push";
      readonly key: string;
      readonly value: Scalar;
      readonly maxLength: number;
      readonly ttlMs?: number;
    };
