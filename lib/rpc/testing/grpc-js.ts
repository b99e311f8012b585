import { join } from "node:path";
import {
  type Client,
  credentials,
  loadPackageDefinition,
  Metadata,
  type MetadataValue,
  type ServiceClientConstructor,
  type ServiceError,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const protos = join(import.meta.dir, "../../../proto");

/** A service of a proto file as grpc-js sees it, which shares no code with our servers. @default folder `proto/` */
export function grpcJsService(
  file: string,
  name: string,
  folder = protos,
): ServiceClientConstructor {
  const definition = loadSync(file, { includeDirs: [folder], keepCase: true, enums: String });
  let found: unknown = loadPackageDefinition(definition);
  for (const part of name.split(".")) found = (found as Record<string, unknown>)[part];
  return found as ServiceClientConstructor;
}

/** What a unary call came to. */
export interface CallOutcome {
  /** 0 is success. */
  readonly code: number;
  readonly details: string;
  readonly reply: unknown;
  /** The metadata of the reply: its headers, and what an error carries. */
  readonly metadata: Readonly<Record<string, MetadataValue>>;
}

/** What of a call may be told. */
export interface CallSettings {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** A client of a service at `host:port`. */
export function grpcJsClient(service: ServiceClientConstructor, address: string) {
  const client: Client = new service(address, credentials.createInsecure());
  return {
    client,
    call: (method: string, request: unknown, { metadata, timeoutMs }: CallSettings = {}) => {
      const { promise, resolve } = Promise.withResolvers<CallOutcome>();
      const sent = new Metadata();
      for (const [key, value] of Object.entries(metadata ?? {})) sent.set(key, value);
      const options = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
      let headers = {};
      const settle = (error: ServiceError | null, reply: unknown) =>
        resolve({
          code: error?.code ?? 0,
          details: error?.details ?? "",
          reply,
          metadata: { ...headers, ...error?.metadata.getMap() },
        });
      const begin = (client as unknown as Record<string, (...all: unknown[]) => Begun>)[method];
      const call = begin?.call(client, request, sent, options, settle);
      call?.on("metadata", (given) => {
        headers = given.getMap();
      });
      return promise;
    },
    [Symbol.dispose]: () => client.close(),
  };
}

interface Begun {
  on(event: "metadata", listener: (metadata: Metadata) => void): void;
}
