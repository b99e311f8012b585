/** Who publishes the schemas of kinds that Kubernetes does not have itself: a Go module, whose files they are. */
export interface CrdSource {
  /** The Go module. */
  readonly module: string;
  /** Its version, with the `v`. */
  readonly version: string;
  /** The files of the module that hold schemas. */
  readonly files: readonly string[];
}

/** The schemas of every kind that charts make, but for Strimzi's, which is no Go module: a cluster with its operator has them. */
export const crdSources: readonly CrdSource[] = [
  {
    module: "github.com/kedacore/keda/v2",
    version: "v2.21.0",
    files: [
      "config/crd/bases/keda.sh_scaledobjects.yaml",
      "config/crd/bases/keda.sh_triggerauthentications.yaml",
    ],
  },
  {
    module: "sigs.k8s.io/gateway-api",
    version: "v1.6.3",
    files: [
      "config/crd/standard/gateway.networking.k8s.io_gateways.yaml",
      "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml",
      "config/crd/standard/gateway.networking.k8s.io_grpcroutes.yaml",
    ],
  },
  {
    module: "github.com/rabbitmq/cluster-operator/v2",
    version: "v2.20.0",
    files: ["config/crd/bases/rabbitmq.com_rabbitmqclusters.yaml"],
  },
  {
    module: "github.com/mongodb/mongodb-kubernetes-operator",
    version: "v0.13.0",
    files: ["config/crd/bases/mongodbcommunity.mongodb.com_mongodbcommunity.yaml"],
  },
  {
    module: "github.com/external-secrets/external-secrets",
    version: "v1.3.2",
    files: ["config/crds/bases/external-secrets.io_externalsecrets.yaml"],
  },
  {
    module: "k8s.io/autoscaler/vertical-pod-autoscaler",
    version: "v1.8.1",
    files: ["deploy/vpa-v1-crd-gen.yaml"],
  },
  {
    module: "github.com/argoproj/argo-cd/v3",
    version: "v3.5.7",
    files: ["manifests/crds/application-crd.yaml"],
  },
  {
    module: "github.com/fluxcd/source-controller",
    version: "v1.9.6",
    files: ["config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml"],
  },
  {
    module: "github.com/fluxcd/kustomize-controller",
    version: "v1.9.6",
    files: ["config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml"],
  },
  {
    module: "knative.dev/serving",
    version: "v0.51.0",
    files: ["config/core/300-resources/service.yaml"],
  },
];
