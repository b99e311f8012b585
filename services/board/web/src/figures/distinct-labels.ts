/** Of labels along an axis, each under its place, those that say something new; first and last stay where they differ. */
export function distinctLabels<T extends { readonly label: string }>(
  labels: readonly T[],
): readonly T[] {
  const last = labels.at(-1);
  return labels.filter(
    (each, index) =>
      each === last || (each.label !== last?.label && each.label !== labels[index - 1]?.label),
  );
}
