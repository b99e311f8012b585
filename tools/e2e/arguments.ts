import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface E2eArguments {
  /** The charts that are tried, one after another; empty: all of the folder. */
  readonly charts: readonly string[];
  /** Words, one of which a check's name must have to be run; empty: all checks. */
  readonly checks: readonly string[];
  /** The folder of the manifests. */
  readonly dist: string;
  readonly ingress: URL;
  readonly ingressInside: URL | undefined;
  readonly requests: number;
  readonly short: boolean;
  readonly keep: boolean;
  readonly existing: boolean;
}

/** What `--help` prints. */
export const help = `bun run e2e [options]     tries the charts of dist/ on the cluster that KUBECONFIG names, one at a time

  --chart NAME       one chart; several times for several                      (all)
  --check WORD       only checks whose name has the word; several times for several
  --dist FOLDER      where the manifests are                                  (dist)
  --ingress URL      where the Ingress or Gateway answers         (http://127.0.0.1)
  --inside URL       where it answers from pods, for k6 and Locust
                     (where the chart's load goes)
  --requests N       how many each load run makes       (10000; 1000 with --short)
  --short            fewer requests, and no waiting for an autoscaler's way back
  --keep             leave the namespace as it is at the end
  --existing         use what is deployed, which would be refused else, and keep it
  --help             this text

Needs kubectl, the images on the cluster (bun run images) and who serves the way in: an Ingress controller, or with
--dist dist/gateway one of Gateway API. A chart's namespace is made, worked
on hard, and deleted; one that is there already is refused. Ends with a table; exits 0 when every check passed, else 1.
`;

const requestsMax = 1_000_000;

/**
 * Reads the command line; undefined where it asks for help.
 *
 * @throws Error naming what is wrong.
 */
export function readArguments(args: readonly string[]): E2eArguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      chart: { type: "string", multiple: true, default: [] },
      check: { type: "string", multiple: true, default: [] },
      dist: { type: "string", default: "dist" },
      ingress: { type: "string", default: "http://127.0.0.1" },
      inside: { type: "string" },
      requests: { type: "string" },
      short: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      existing: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  if (values.help) return undefined;
  const { chart: charts, check: checks, dist, short, keep, existing, inside } = values;
  return {
    charts,
    checks,
    dist,
    ingress: urlOf("ingress", values.ingress),
    ingressInside: inside === undefined ? undefined : urlOf("inside", inside),
    requests: whole("requests", values.requests ?? (short ? "1000" : "10000")),
    short,
    keep: keep || existing,
    existing,
  };
}

function urlOf(name: string, raw: string): URL {
  if (URL.canParse(raw) && /^https?:$/.test(new URL(raw).protocol)) return new URL(raw);
  throw new Error(`Cannot use --${name}: must be an http address: current value is ${raw}`);
}

function whole(name: string, raw: string): number {
  const value = Number(raw);
  if (Number.isInteger(value) && value >= 1 && value <= requestsMax) return value;
  throw new Error(
    `Cannot use --${name}: must be a whole number from 1 to ${requestsMax}: current value is ${raw}`,
  );
}
