import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface SchemasArguments {
  /** The folder of the manifests. */
  readonly dist: string;
  /** Whether schemas that were not in the cluster stay there. */
  readonly keep: boolean;
}

/** What `--help` prints. */
export const help = `bun run schemas [options]     has the API server of KUBECONFIG's cluster judge what takes an operator or another API

  --dist FOLDER   where the manifests are (dist)
  --keep          leave schemas that were added
  --help          this text

Every object of dist/'s folders is sent to the server with --dry-run=server and strict validation; then the objects of a
synth with every option; then one of each kind with a misspelt field, which must be refused. Nothing is made but a
namespace, which is deleted at the end, and schemas that the cluster does not have, which are fetched as Go modules.
Needs kubectl and go. Exits 0 where all is as it must be, else 1.
`;

/** Reads the command line; undefined where it asks for help. */
export function readArguments(args: readonly string[]): SchemasArguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      dist: { type: "string", default: "dist" },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  return values.help ? undefined : { dist: values.dist, keep: values.keep };
}
