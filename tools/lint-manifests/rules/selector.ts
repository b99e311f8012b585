import { type KubeObject, type Labels, podsOf } from "../objects.ts";

/** A choice of objects by their labels. */
export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** Whether the labels are chosen; an empty selector chooses all. */
export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels) {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      const listed = value !== undefined && values.includes(value);
      return operator === "In" ? listed : !listed;
    })
  );
}

/** Whether any object in the same namespace makes pods that are chosen. */
export function selectsPods(
  selector: Selector,
  { metadata: { namespace } }: KubeObject,
  all: readonly KubeObject[],
): boolean {
  return all.some((each) => {
    const pods = podsOf(each);
    return (
      pods !== undefined && each.metadata.namespace === namespace && selects(selector, pods.labels)
    );
  });
}
