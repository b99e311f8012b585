/** Where manifests are, for those who apply them from a repository. */
export interface GitSource {
  /** The address of the repository. */
  readonly repository: string;

  /** The branch, or another name of a revision. */
  readonly revision: string;

  /** The folder of the manifests. */
  readonly folder: string;
}

/** Stands where no repository is named: a name that no server has (RFC 2606). */
export const unknownRepository = "https://repository.invalid/set-GITOPS_REPOSITORY-at-synth";

/**
 * Labels of what points to the repository. While no repository is named they hold one that no API server takes, and whose
 * refusal says what is missing: nobody can apply it by mistake.
 */
export function guardOf({ repository }: GitSource): Readonly<Record<string, string>> {
  if (repository !== unknownRepository) return {};
  return { "tweet-pipeline/repository": "set GITOPS_REPOSITORY at synth" };
}
