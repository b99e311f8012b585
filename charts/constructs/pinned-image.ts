import type { ServerProps } from "./server-props.ts";

/** An image that is the same wherever it is fetched, and when to fetch it. */
export interface PinnedImage {
  /** The image. */
  readonly image: string;
  /** Fetched once, or never. */
  readonly imagePullPolicy: "IfNotPresent" | "Never";
}

/**
 * The image that a chart names, or ours.
 *
 * @throws Error for a tag that names no version, and for a policy under which a tag's new meaning would be fetched.
 */
export function pinnedImage(
  name: string,
  { image, imagePullPolicy = "IfNotPresent" }: Pick<ServerProps, "image" | "imagePullPolicy">,
  fallback: string,
): PinnedImage {
  const chosen = image ?? fallback;
  const [, tag = ""] = /:([\w.-]+)$/.exec(chosen) ?? [];
  if (!chosen.includes("@sha256:") && (!/\d/.test(tag) || tag === "latest")) {
    throw new Error(
      `Cannot run ${name}: its image's tag must name a version, since another one moves: current value is "${chosen}"`,
    );
  }
  if (imagePullPolicy === "Always") {
    throw new Error(
      `Cannot run ${name}: each start would fetch what the tag stands for then: current value of imagePullPolicy is "Always"`,
    );
  }
  return { image: chosen, imagePullPolicy };
}
