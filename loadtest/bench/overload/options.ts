import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface OverloadBench {
  /** The whole system on real servers instead of laptop mode. */
  readonly system: boolean;
  /** Idle and slow connections instead of more events than the limit. */
  readonly connections: boolean;
  /** `ADMISSION_RATE`; 0 leaves the adaptive limit alone. */
  readonly rate: number;
  /** How long each step is measured. */
  readonly seconds: number;
  readonly runs: number;
  readonly json: boolean;
}

/** What `--help` prints. */
export const usage = `Offers the first door 1, 2, 5 and 10 times 500 events a second, which it admits, and prints a Markdown table.

usage: bun run bench:overload [options]

  --system         against all services on real Kafka, RabbitMQ and Valkey, instead of laptop mode
  --connections    5,000 idle and 500 slow connections instead
  --rate N         ADMISSION_RATE; 0: the limit of events in flight alone             (500)
  --seconds N      how long each step is measured                                      (20)
  --full           the same as --seconds 60
  --runs N         how often everything is measured; the medians are printed            (3)
  --json           every run, and the medians, as JSON
  --help           this text

The load does not wait for replies (an open loop). Load and servers share this machine; they run on free ports with data
of their own, and end with the measurement. Connections take as many open files: see ulimit -n.`;

/**
 * Reads the command line; undefined where it asks for help.
 *
 * @throws Error naming what is wrong.
 */
export function readOptions(args: readonly string[]): OverloadBench | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      system: { type: "boolean", default: false },
      connections: { type: "boolean", default: false },
      rate: { type: "string", default: "500" },
      seconds: { type: "string", default: "20" },
      full: { type: "boolean", default: false },
      runs: { type: "string", default: "3" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  if (values.help) return undefined;
  return {
    system: values.system,
    connections: values.connections,
    rate: whole("rate", values.rate, 0, 100_000),
    seconds: values.full ? 60 : whole("seconds", values.seconds, 1, 600),
    runs: whole("runs", values.runs, 1, 20),
    json: values.json,
  };
}

function whole(name: string, raw: string, min: number, max: number): number {
  const value = Number(raw);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(
      `Cannot use --${name}: must be a whole number from ${min} to ${max}: current value is ${raw}`,
    );
  }
  return value;
}
