import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Child, createChild } from "./child.ts";
import {
  type KafkaNodePlan,
  log4jYaml,
  type SignIn,
  scramUsers,
  serverProperties,
} from "./kafka-config.ts";
import { kafkaMetadata } from "./kafka-probe.ts";
import { freePorts } from "./ports.ts";
import { runStep } from "./run-step.ts";
import type { Stack } from "./stack.ts";

/** What a cluster of this machine may be asked to be. */
export interface KafkaOptions {
  /** Brokers, each of which is a controller too; from 3 on, data has 3 replicas of which 2 must be in sync. @default 1 */
  readonly nodes?: number;
  /** Client ports, one a node. @default free ones */
  readonly ports?: readonly number[];
  /** @default 256 */
  readonly heapMb?: number;
  /** Broker settings added to or put over ours. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** A listener more, on which clients must sign in. @default none */
  readonly signIn?: SignIn;
  /** Writes the archive of loaded classes there at a clean end, which makes later starts quicker. */
  readonly archiveTo?: string;
}

/** A running cluster. */
export interface Kafka {
  /** `host:port` of every node. */
  readonly brokers: readonly string[];
  /** `host:port` of every node's listener on which clients sign in; empty where none was asked for. */
  readonly signInBrokers: readonly string[];
  readonly clusterId: string;
  /** The nodes in the order of `brokers`; node ids start at 1. */
  readonly nodes: readonly Child[];
}

const formatTimeoutMs = 60_000;
/** Without a file in the system's temporary folder, which a killed process would leave there. */
const noPerfData = "-XX:-UsePerfData";
const jvmFlags = [noPerfData, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"];

/** The archive of loaded classes that `provision` made in `programs`. */
export const classArchive = (programs: string) => join(programs, "kafka", "classes.jsa");

function keptClusterId(dir: string): string {
  const file = join(dir, "kafka-cluster-id");
  if (!existsSync(file)) writeFileSync(file, randomBytes(16).toString("base64url"));
  return readFileSync(file, "utf8");
}

async function plan(stack: Stack, options: KafkaOptions): Promise<KafkaNodePlan[]> {
  const count = options.nodes ?? 1;
  const ports = options.ports ?? (await freePorts(count));
  const controllerPorts = await freePorts(count);
  const signInPorts = options.signIn ? await freePorts(count) : [];
  return Array.from({ length: count }, (_, i) => {
    const [port, controllerPort] = [ports[i], controllerPorts[i]];
    if (port === undefined || controllerPort === undefined) {
      throw new RangeError(
        `Cannot start Kafka: ${count} nodes need as many ports: current value is ${ports}`,
      );
    }
    const dir = join(stack.dir, `kafka${i + 1}`);
    return { id: i + 1, port, controllerPort, signInPort: signInPorts[i], dir };
  });
}

async function format(
  stack: Stack,
  java: readonly string[],
  clusterId: string,
  node: KafkaNodePlan,
  signIn: SignIn | undefined,
) {
  if (existsSync(join(node.dir, "data", "meta.properties"))) return;
  const tool = ["-Xmx128m", "kafka.tools.StorageTool", "format"];
  // As one word: an id may begin with a dash.
  const args = [
    `--cluster-id=${clusterId}`,
    "-c",
    join(node.dir, "server.properties"),
    ...(signIn ? scramUsers(signIn) : []),
  ];
  await runStep({
    command: [...java, ...tool, ...args],
    logFile: join(stack.logs, `kafka${node.id}-format.log`),
    timeoutMs: formatTimeoutMs,
    signal: stack.signal,
  });
}

/** Starts a cluster and resolves when every node has joined it; a node's data outlives its end. */
export async function startKafka(stack: Stack, options: KafkaOptions = {}): Promise<Kafka> {
  const plans = await plan(stack, options);
  const clusterId = keptClusterId(stack.dir);
  const log4j = join(stack.dir, "kafka-log4j2.yaml");
  writeFileSync(log4j, log4jYaml);
  const archive = classArchive(stack.programs);
  const java = [
    "java",
    ...jvmFlags,
    ...(options.archiveTo ? [`-XX:ArchiveClassesAtExit=${options.archiveTo}`] : []),
    ...(existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : []),
    // Compression libraries are unpacked there, and would stay behind a killed process.
    `-Djava.io.tmpdir=${stack.dir}`,
    `-Dlog4j2.configurationFile=${log4j}`,
    "-cp",
    `${join(stack.programs, "kafka", "lib")}/*`,
  ];
  for (const node of plans) {
    mkdirSync(node.dir, { recursive: true });
    writeFileSync(
      join(node.dir, "server.properties"),
      serverProperties(node, plans, options.settings ?? {}, options.signIn),
    );
  }
  const formatter = java.filter((flag) => !flag.startsWith("-XX:ArchiveClassesAtExit"));
  await Promise.all(plans.map((node) => format(stack, formatter, clusterId, node, options.signIn)));
  let together = plans.length;
  const nodes = plans.map((node) =>
    createChild({
      name: `kafka${node.id}`,
      dir: stack.dir,
      logDir: stack.logs,
      command: [
        ...java,
        "-Xms128m",
        `-Xmx${options.heapMb ?? 256}m`,
        "kafka.Kafka",
        join(node.dir, "server.properties"),
      ],
      // The cluster id tells our node from a stranger on the same port.
      async ready() {
        const seen = await kafkaMetadata(node.port);
        return (
          seen.clusterId === clusterId &&
          seen.controller >= 0 &&
          seen.brokers.includes(node.id) &&
          seen.brokers.length >= together
        );
      },
      stopTimeoutMs: 20_000,
    }),
  );
  await stack.start(...nodes);
  // From here on a node may come back while others are down on purpose.
  together = 1;
  return {
    brokers: plans.map(({ port }) => `127.0.0.1:${port}`),
    signInBrokers: plans.flatMap(({ signInPort }) =>
      signInPort === undefined ? [] : [`127.0.0.1:${signInPort}`],
    ),
    clusterId,
    nodes,
  };
}
