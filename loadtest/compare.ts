/** Counts of a pipeline's state, by `<key>` or `<key> <field>`. */
export type Counts = ReadonlyMap<string, number>;

/** The counts under these keys of what `GET /api/<pipeline>/state` answers. */
export function countsOf(
  state: Readonly<Record<string, unknown>>,
  compared: readonly string[],
): Counts {
  return new Map(
    compared.flatMap((key): readonly (readonly [string, number])[] => {
      const value = state[key];
      if (typeof value === "string") return [[key, Number(value)]];
      const fields = Object.entries(value ?? {});
      return fields.map(([field, count]) => [`${key} ${field}`, Number(count)]);
    }),
  );
}

/** By how much the growth of each count differs from what was expected, where it does. */
export function differences(
  before: Counts,
  after: Counts,
  expected: Counts,
): Readonly<Record<string, number>> {
  const names = new Set([...before.keys(), ...after.keys(), ...expected.keys()]);
  const all = [...names].map((name) => {
    const grown = (after.get(name) ?? 0) - (before.get(name) ?? 0);
    return [name, grown - (expected.get(name) ?? 0)] as const;
  });
  return Object.fromEntries(all.filter(([, difference]) => difference !== 0));
}
