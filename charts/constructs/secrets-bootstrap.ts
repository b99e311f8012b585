import { createHash } from "node:crypto";
import {
  type Container,
  KubeJob,
  KubeRole,
  KubeRoleBinding,
  type PodSpec,
} from "cdk8s-plus-28/lib/imports/k8s";
import { Construct } from "constructs";
import { type SecretPlan, spec } from "../../services/secrets/config.ts";
import { Account } from "./account.ts";
import { imageOf, version } from "./image.ts";
import { quantities, restrictedContainer } from "./server-pod.ts";
import { readEnv, type ServiceEnv } from "./service-env.ts";

/** What a `SecretsBootstrap` is made of. */
export interface SecretsBootstrapProps {
  /** The Secrets that pods of the namespace wait for. */
  readonly secrets: readonly SecretPlan[];

  /**
   * Who makes them: a Job of ours, or the user, in which case nothing is added here. The annotation
   * `tweet-pipeline/secret` of each StatefulSet says what its Secret must hold.
   * @default "bootstrap"
   */
  readonly by?: "bootstrap" | "external";

  /**
   * The name of the account and of its rights; the Job's begins with it.
   * @default the construct's id
   */
  readonly name?: string;

  /**
   * What it is a part of.
   * @default nothing
   */
  readonly partOf?: string;

  /**
   * Where the image comes from, `host[:port][/path]`.
   * @default no registry in the image's name
   */
  readonly registry?: string;

  /**
   * How many characters a password has.
   * @default 32
   */
  readonly passwordLength?: number;
}

/** The user `nonroot` of distroless images. */
const nonRoot = 65_532;

/** Long enough to read the log of one that failed or ended. */
const keptS = 600;
const deadlineS = 600;
const triesMax = 6;
const tokenS = 600;

/**
 * Makes the Secrets that are missing, with random passwords, and changes none. Its account may create Secrets and do
 * nothing else: it cannot even read them.
 *
 * A Job cannot be changed once it is there. This one is named after what it does, so that the same manifest may be
 * applied again at any time, and another one is another Job.
 */
export class SecretsBootstrap extends Construct {
  /** What the Job's pods carry as `app`; undefined where the user makes the Secrets. */
  readonly app: string | undefined;

  constructor(scope: Construct, id: string, props: SecretsBootstrapProps) {
    super(scope, id);
    const { name = id, by = "bootstrap", secrets } = props;
    if (by === "external") return;
    this.app = name;
    const labels = {
      app: name,
      "app.kubernetes.io/name": name,
      "app.kubernetes.io/component": "secrets",
      ...(props.partOf === undefined ? {} : { "app.kubernetes.io/part-of": props.partOf }),
      "app.kubernetes.io/version": version,
    };
    new Account(this, "account", { name, labels });
    new KubeRole(this, "role", {
      metadata: { name, labels },
      rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["create"] }],
    });
    new KubeRoleBinding(this, "binding", {
      metadata: { name, labels },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name }],
    });
    const env: ServiceEnv<typeof spec> = {
      PLAN: JSON.stringify(secrets),
      ...(props.passwordLength === undefined ? {} : { PASSWORD_LENGTH: `${props.passwordLength}` }),
    };
    readEnv(name, spec, env);
    const template = {
      metadata: { labels },
      spec: podSpec(name, container(props.registry ?? "", env)),
    };
    new KubeJob(this, "job", {
      metadata: { name: `${name}-${fingerprint(template)}`, labels, annotations: argoHook },
      spec: {
        backoffLimit: triesMax,
        activeDeadlineSeconds: deadlineS,
        ttlSecondsAfterFinished: keptS,
        template,
      },
    });
  }
}

/**
 * For Argo CD: the Job runs with each sync and is no part of what is compared, since it goes away by itself in a while. Nobody
 * else reads it.
 */
const argoHook = {
  "argocd.argoproj.io/hook": "Sync",
  "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
};

function container(registry: string, env: ServiceEnv<typeof spec>): Container {
  return {
    name: "secrets",
    image: imageOf("secrets", registry),
    imagePullPolicy: "IfNotPresent",
    env: Object.entries(env).map(([name, value]) => ({ name, value: String(value) })),
    resources: quantities({
      cpuRequestMillis: 10,
      cpuLimitMillis: 500,
      memoryRequestMiB: 64,
      memoryLimitMiB: 256,
    }),
    securityContext: restrictedContainer,
    volumeMounts: [
      {
        name: "account",
        mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
        readOnly: true,
      },
    ],
  };
}

/** The one pod of the namespace with a token, which is good for no longer than the Job may take. */
function podSpec(name: string, only: Container): PodSpec {
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: "OnFailure",
    securityContext: {
      runAsNonRoot: true,
      runAsUser: nonRoot,
      runAsGroup: nonRoot,
      fsGroup: nonRoot,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [only],
    volumes: [
      {
        name: "account",
        projected: {
          defaultMode: 0o440,
          sources: [
            { serviceAccountToken: { path: "token", expirationSeconds: tokenS } },
            { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
            {
              downwardApi: {
                items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }],
              },
            },
          ],
        },
      },
    ],
  };
}

function fingerprint(template: object): string {
  return createHash("sha256").update(JSON.stringify(template)).digest("hex").slice(0, 8);
}
