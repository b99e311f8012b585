import type { IContainer } from "kubernetes-models/v1/Container";
import { isOfKind, type KubeObject, type Pods, podsOf } from "../objects.ts";

/** A check of one object. */
export interface Rule {
  /** The name that kube-linter has for the check. */
  readonly check: string;

  /** What is wrong with the object, a sentence each; `all` are the objects that are applied with it. */
  find(object: KubeObject, all: readonly KubeObject[]): readonly string[];
}

/** What a rule answers: sentences, one sentence, or nothing. */
export type Answer = readonly string[] | string | undefined;

/** A rule for the objects of some kinds, of the type that they have. */
export function kindRule<T>(
  check: string,
  kinds: readonly string[],
  judge: (object: KubeObject & T, all: readonly KubeObject[]) => Answer,
): Rule {
  return {
    check,
    find: (object, all) =>
      isOfKind(object, kinds) ? sentences(judge(object as KubeObject & T, all)) : [],
  };
}

/** A rule for every object that makes pods. */
export function podRule(
  check: string,
  judge: (pods: Pods, object: KubeObject, all: readonly KubeObject[]) => Answer,
): Rule {
  return {
    check,
    find(object, all) {
      const pods = podsOf(object);
      return pods === undefined ? [] : sentences(judge(pods, object, all));
    },
  };
}

/** A rule for every container, those that come first included. */
export function containerRule(
  check: string,
  judge: (container: IContainer, pods: Pods, all: readonly KubeObject[]) => Answer,
): Rule {
  return podRule(check, (pods, _, all) =>
    containersOf(pods).flatMap((each) =>
      sentences(judge(each, pods, all)).map((sentence) => `container ${each.name} ${sentence}`),
    ),
  );
}

/** The containers of a pod, those that come first included. */
export function containersOf({ spec }: Pods): readonly IContainer[] {
  return [...spec.containers, ...(spec.initContainers ?? [])];
}

function sentences(answer: Answer): readonly string[] {
  return typeof answer === "string" ? [answer] : (answer ?? []);
}
