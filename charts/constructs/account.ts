import { ServiceAccount } from "cdk8s-plus-28";
import { Construct } from "constructs";

/** What an `Account` is made of. */
export interface AccountProps {
  /** The account's name: its workload's. */
  readonly name: string;

  /**
   * Labels of the account.
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/** The identity of one workload, whose token no pod gets unless it asks for one itself. */
export class Account extends Construct {
  /** The account's name, for pods to run under. */
  readonly name: string;

  constructor(scope: Construct, id: string, { name, labels }: AccountProps) {
    super(scope, id);
    this.name = name;
    new ServiceAccount(this, "account", {
      metadata: { name, labels: { ...labels } },
      automountToken: false,
    });
  }
}
