import { ApiObject, Chart } from "cdk8s";
import { Construct } from "constructs";
import type { HopIssuer } from "./hop-tls.ts";

/** What a `HopCertificate` is made of. */
export interface HopCertificateProps {
  /** The Secret that holds the certificate; the `Certificate` has its name. */
  readonly secret: string;

  /** Who signs it. */
  readonly issuer: HopIssuer;

  /** The Services that it is for, as they are called within their namespace. */
  readonly services: readonly string[];

  /** What it is a part of. */
  readonly partOf: string;
}

/** The `Certificate` of cert-manager, as far as it is written here. */
interface CertificateSpec {
  readonly secretName: string;
  readonly dnsNames: readonly string[];
  readonly usages: readonly ("digital signature" | "server auth" | "client auth")[];
  readonly privateKey: {
    readonly algorithm: "ECDSA";
    readonly size: 256;
    readonly rotationPolicy: "Always";
  };
  readonly issuerRef: {
    readonly group: "cert-manager.io";
    readonly kind: "ClusterIssuer" | "Issuer";
    readonly name: string;
  };
}

/**
 * One certificate for all relays of a pipeline, by cert-manager, which renews it, key included, after two thirds of its time;
 * relays follow its Secret. It is for every name of their Services, headless ones too: a pod that was found behind a name is
 * verified by that name.
 */
export class HopCertificate extends Construct {
  constructor(scope: Construct, id: string, props: HopCertificateProps) {
    super(scope, id);
    const { secret, issuer, services, partOf } = props;
    const { namespace } = Chart.of(this);
    if (namespace === undefined) {
      throw new Error(
        "Cannot make a certificate for hops: the chart has no namespace: current value is undefined",
      );
    }
    const suffixes = ["", `.${namespace}`, `.${namespace}.svc`];
    const spec: CertificateSpec = {
      secretName: secret,
      dnsNames: services.flatMap((service) => suffixes.map((suffix) => `${service}${suffix}`)),
      usages: ["digital signature", "server auth", "client auth"],
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      issuerRef: {
        group: "cert-manager.io",
        kind: issuer.kind ?? "ClusterIssuer",
        name: issuer.name,
      },
    };
    new ApiObject(this, "certificate", {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { name: secret, labels: { "app.kubernetes.io/part-of": partOf } },
      spec,
    });
  }
}
