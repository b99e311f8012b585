import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Child, createChild } from "./child.ts";
import { mongoAnswers } from "./mongo-probe.ts";
import { freePort } from "./ports.ts";
import type { Stack } from "./stack.ts";

/** What a MongoDB of this machine may be asked to be. */
export interface MongoServerOptions {
  /** @default a free one */
  readonly port?: number;
  /** Keeps data in a file, which has all that was answered; else a server that ends has none left. @default false */
  readonly durable?: boolean;
}

/**
 * A server that speaks MongoDB's protocol, since MongoDB itself is in no registry of packages: mongo-java-server. It has
 * no users, no `explain`, no `collMod`, uses no index but that of `_id`, and removes nothing by time.
 */
export interface Mongo {
  /** `mongodb://host:port`, with no database. */
  readonly url: string;
  readonly port: number;
  readonly server: Child;
}

const noPerfData = "-XX:-UsePerfData";
const jvmFlags = [noPerfData, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"];

/** Starts a server and resolves when it answers. */
export async function startMongo(stack: Stack, options: MongoServerOptions = {}): Promise<Mongo> {
  const { port = await freePort(), durable = false } = options;
  const name = "mongo1";
  const dir = join(stack.dir, name);
  mkdirSync(dir, { recursive: true });
  const programs = join(stack.programs, "mongo");
  const server = createChild({
    name,
    dir: stack.dir,
    logDir: stack.logs,
    command: [
      "java",
      ...jvmFlags,
      "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
      "-cp",
      [join(programs, "classes"), join(programs, "lib", "*")].join(delimiter),
      "MongoStandIn",
      `${port}`,
      ...(durable ? [join(dir, "data.mv")] : []),
    ],
    ready: () => mongoAnswers(port),
  });
  await stack.start(server);
  return { url: `mongodb://127.0.0.1:${port}`, port, server };
}
