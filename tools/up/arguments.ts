import { parseArgs } from "node:util";
import { pipelineOf } from "../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { pipelines as all } from "../../pipelines/all.ts";

/** What the command line asks for. */
export interface UpArguments {
  readonly command: "up" | "down" | "help";
  readonly detach: boolean;
  readonly keep: boolean;
  /** What runs. */
  readonly pipelines: readonly AnyPipeline[];
  /** Servers in containers or as processes; undefined: whichever this machine can do. */
  readonly containers: boolean | undefined;
}

const names = all.map(({ name }) => name).join(", ");

/** What `--help` prints. */
export const help = `npm run up -- [options]     real Kafka, RabbitMQ, Valkey and MongoDB, and our services, each its own process
npm run down                ends what \`up\` started, from any terminal

  --local        servers as processes of this machine (Debian, Java 17, Maven), installed into a cache folder
  --containers   servers in containers (compose.yaml); the default where a Docker engine answers
  --pipeline P   one of ${names}; several times for several (all)
  --detach       return once everything is ready
  --keep         keep the data in .run/data for later starts; once there, it is used and kept until it is deleted
  --help         this text

variables
  PORT           HTTP door to everything (8080)
  GRPC_PORT      the first of the gRPC doors' ports (50051); each has the next one, as listed at the start
  WRITER_TARGET  both (default), kafka, rabbit or random
  PREFER_POLICY  1: a request may choose its own policy (Prefer: policy=kafka)
  LOG_EVENTS     1: consumers log one line per event
  PARTS_DIR      where servers are installed (~/.cache/tweet-pipeline/parts)
  DEBIAN_MIRROR  where Debian packages come from (the mirror of this machine's apt)
  RUN_DIR        where pids, logs and data are (.run)
  Kafka, RabbitMQ, Valkey and MongoDB take their usual ports (9092, 5672 and 15672, 6379, 27017) where these are free.
  MongoDB runs where a pipeline has a log (votaciones); with --local mongo-java-server stands in for it.

paths            every pipeline's routes, as in its own deployment and under its name (/clima and /clima-app/clima);
                 /api/<pipeline>/… leads to its board
processes        kafka1 epmd rabbitmq valkey1 mongo1 (with --local); <pipeline>-<station> and <pipeline>-board
files            .run/state.json: { pid, phase, urls, processes: [{ name, pid, adminPort?, ports }] }, always current
                 .run/logs/<process>.log

Each of our processes serves /live, /ready and /metrics on its adminPort. One that ends, by kill -9 too, is reported and
started again with its data. Ctrl-C or \`npm run down\` ends everything and leaves no process, no port and no .run.
`;

/** Reads the command line; throws a sentence on what it cannot mean. */
export function readArguments(args: readonly string[]): UpArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      containers: { type: "boolean", default: false },
      detach: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
      keep: { type: "boolean", default: false },
      local: { type: "boolean", default: false },
      pipeline: { type: "string", multiple: true, default: [] },
    },
  });
  const [command = "help", ...rest] = positionals;
  if (rest.length > 0 || !["up", "down", "help"].includes(command)) {
    throw new Error(`Cannot read the arguments: current value is "${args.join(" ")}": see --help`);
  }
  if (values.local && values.containers) {
    throw new Error("Cannot start servers both ways: choose --local or --containers");
  }
  return {
    command: values.help ? "help" : (command as UpArguments["command"]),
    detach: values.detach,
    keep: values.keep,
    pipelines: values.pipeline.length === 0 ? all : values.pipeline.map(readPipeline),
    containers: values.containers || (values.local ? false : undefined),
  };
}

function readPipeline(name: string): AnyPipeline {
  try {
    return pipelineOf(all)(name);
  } catch (cause) {
    throw new Error(`Cannot start --pipeline ${name}: it ${(cause as Error).message}`, { cause });
  }
}
