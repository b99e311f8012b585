/** What Pod Security "restricted" asks of pods that an operator makes; their users are the images' own numbers. */
export const restrictedPod = {
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
} as const;

/** What it asks of their containers. */
export const restrictedByOperator = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
} as const;

/** The resources of a container that an operator makes. */
export interface OperatorResources {
  /** What is kept for it. */
  readonly requests: { readonly cpu: string; readonly memory: string };

  /** What it may take. */
  readonly limits: { readonly cpu: string; readonly memory: string };
}
