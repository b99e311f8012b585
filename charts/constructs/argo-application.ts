import { ApiObject } from "cdk8s";
import { Construct } from "constructs";
import { type GitSource, guardOf } from "./git-source.ts";

/** What an `ArgoApplication` is made of. */
export interface ArgoApplicationProps {
  /** Where the manifests are. */
  readonly source: GitSource;

  /** The chart, whose manifests are in `<chart>.k8s.yaml` of the folder. */
  readonly chart: string;

  /** The chart's namespace. */
  readonly namespace: string;

  /**
   * The namespace that Argo CD runs in.
   * @default "argocd"
   */
  readonly argoNamespace?: string;
}

/** Argo CD's `Application`, as far as it is written here. */
interface ApplicationSpec {
  readonly project: string;
  readonly source: {
    readonly repoURL: string;
    readonly targetRevision: string;
    readonly path: string;
    readonly directory: { readonly include: string; readonly recurse: boolean };
  };
  readonly destination: { readonly server: string; readonly namespace: string };
  readonly syncPolicy: {
    readonly automated: { readonly prune: boolean; readonly selfHeal: boolean };
    readonly syncOptions: readonly string[];
    readonly retry: {
      readonly limit: number;
      readonly backoff: {
        readonly duration: string;
        readonly factor: number;
        readonly maxDuration: string;
      };
    };
  };
}

const retriesMax = 5;

/**
 * Argo CD's `Application` of one chart. Differences are taken by the API server itself (server-side diff): what it fills in and
 * what controllers write is none, because the manifests leave it out; see docs/cluster/gitops.md.
 */
export class ArgoApplication extends Construct {
  constructor(scope: Construct, id: string, props: ArgoApplicationProps) {
    super(scope, id);
    const { source, chart, namespace, argoNamespace = "argocd" } = props;
    const spec: ApplicationSpec = {
      project: "default",
      source: {
        repoURL: source.repository,
        targetRevision: source.revision,
        path: source.folder,
        directory: { include: `${chart}.k8s.yaml`, recurse: false },
      },
      destination: { server: "https://kubernetes.default.svc", namespace },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ["ServerSideApply=true", "PruneLast=true"],
        retry: {
          limit: retriesMax,
          backoff: { duration: "10s", factor: 2, maxDuration: "3m" },
        },
      },
    };
    new ApiObject(this, "application", {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: {
        name: chart,
        namespace: argoNamespace,
        labels: guardOf(source),
        annotations: { "argocd.argoproj.io/compare-options": "ServerSideDiff=true" },
      },
      spec,
    });
  }
}
