/** Where choices are kept between visits, as `localStorage` does. */
export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** What somebody chose. */
export interface Preference<T extends string> {
  /** What was chosen before; undefined where nothing was, or where it is not to be had. */
  read(): T | undefined;
  /** Keeps a choice, where that is possible. */
  keep(value: T): void;
}

/**
 * A choice among `values` under `key`. Browsers may refuse to keep anything: then it holds until the page is left.
 *
 * @param memory - finds the memory, and may throw
 */
export function preference<T extends string>(
  memory: () => Memory,
  key: string,
  values: readonly T[],
): Preference<T> {
  return {
    read: () => {
      try {
        const kept = memory().getItem(key);
        return values.find((value) => value === kept);
      } catch {
        return undefined;
      }
    },
    keep: (value) => {
      try {
        memory().setItem(key, value);
      } catch {
        // The choice holds for now.
      }
    },
  };
}
