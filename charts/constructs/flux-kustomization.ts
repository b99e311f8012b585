import { ApiObject } from "cdk8s";
import { Construct } from "constructs";
import { type GitSource, guardOf } from "./git-source.ts";

/** What a `FluxKustomization` is made of. */
export interface FluxKustomizationProps {
  /** Where the manifests are. */
  readonly source: GitSource;

  /** The chart, whose manifests are in `<chart>.k8s.yaml` of the folder. */
  readonly chart: string;

  /**
   * The namespace that Flux runs in.
   * @default "flux-system"
   */
  readonly fluxNamespace?: string;
}

/** Flux's `GitRepository`, as far as it is written here. */
interface GitRepositorySpec {
  readonly url: string;
  readonly ref: { readonly branch: string };
  readonly interval: string;
  readonly timeout: string;
  readonly ignore: string;
}

/** Flux's `Kustomization`, as far as it is written here. */
interface KustomizationSpec {
  readonly sourceRef: { readonly kind: "GitRepository"; readonly name: string };
  readonly path: string;
  readonly interval: string;
  readonly retryInterval: string;
  readonly timeout: string;
  readonly prune: boolean;
  readonly wait: boolean;
}

/**
 * Flux's `GitRepository` and `Kustomization` of one chart. Flux applies every manifest below a path, so the repository is read
 * without any but the chart's own.
 *
 * A new commit is looked for every minute; without one, what is on the cluster is held against it once an hour, and with it
 * the Job of the Secrets runs again, which changes nothing.
 */
export class FluxKustomization extends Construct {
  constructor(scope: Construct, id: string, props: FluxKustomizationProps) {
    super(scope, id);
    const { source, chart, fluxNamespace: namespace = "flux-system" } = props;
    const metadata = { name: chart, namespace, labels: guardOf(source) };
    const repository: GitRepositorySpec = {
      url: source.repository,
      ref: { branch: source.revision },
      interval: "1m",
      timeout: "1m",
      ignore: allBut(`${source.folder}/${chart}.k8s.yaml`),
    };
    const kustomization: KustomizationSpec = {
      sourceRef: { kind: "GitRepository", name: chart },
      path: `./${source.folder}`,
      interval: "1h",
      retryInterval: "2m",
      timeout: "10m",
      prune: true,
      wait: true,
    };
    new ApiObject(this, "repository", {
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      metadata,
      spec: repository,
    });
    new ApiObject(this, "kustomization", {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata,
      spec: kustomization,
    });
  }
}

/** Patterns in the form of `.gitignore` that leave one file: each folder on the way to it, without what else is in it. */
function allBut(file: string): string {
  const folders = file.split("/").slice(0, -1);
  const steps = folders.flatMap((_, at) => {
    const folder = folders.slice(0, at + 1).join("/");
    return [`!/${folder}`, `/${folder}/*`];
  });
  return `${["/*", ...steps, `!/${file}`].join("\n")}\n`;
}
