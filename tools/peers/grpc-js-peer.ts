import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { grpcJsClient, grpcJsService } from "../../lib/rpc/testing/grpc-js.ts";
import { violationsIn } from "../../lib/rpc/testing/violations.ts";
import {
  callTimeoutMs,
  type GrpcPeer,
  type PeerAnswer,
  type PeerCall,
  type PeerOutcome,
  type PeerRequest,
} from "./grpc-peer.ts";

const detailsName = "grpc-status-details-bin";

const services = new Map(
  [
    ["wethertweet/wethertweet.proto", "wethertweet.WeatherTweetService"],
    ["weathertweet/weathertweet.proto", "weathertweet.WeatherTweetService"],
    ["confproto/confproto.proto", "confproto.getInfo"],
  ].map(([file = "", name = ""]) => [name, grpcJsService(file, name)] as const),
);

/** grpc-js, in this process. */
export function grpcJsPeer(): GrpcPeer {
  return { call, serve, [Symbol.asyncDispose]: async () => {} };
}

async function call(asked: PeerCall): Promise<PeerOutcome> {
  const { service, address, method, request, metadata = {}, timeoutMs = callTimeoutMs } = asked;
  const found = services.get(service);
  if (found === undefined) throw new Error(`Cannot call a service: current value is ${service}`);
  using client = grpcJsClient(found, address);
  const outcome = await client.call(method, request, { metadata, timeoutMs });
  const { [detailsName]: details, ...texts } = outcome.metadata;
  return {
    ...outcome,
    metadata: texts as Record<string, string>,
    violations: details instanceof Uint8Array ? violationsIn(details) : [],
  };
}

async function serve(port: number) {
  let received: PeerRequest[] = [];
  let answer: PeerAnswer = {};
  const handle =
    (method: string) =>
    (asked: ServerUnaryCall<unknown, unknown>, respond: sendUnaryData<unknown>) => {
      const metadata = asked.metadata.getMap() as Record<string, string>;
      received.push({ method, request: asked.request, metadata });
      const { code = 0, details = "", delayMs = 0, metadata: said = {} } = answer;
      const trailers = new Metadata();
      for (const [key, value] of Object.entries(said)) trailers.set(key, value);
      setTimeout(() => {
        if (code === 0) respond(null, {}, trailers);
        else respond({ code, details, metadata: trailers });
      }, delayMs);
    };
  const server = new Server();
  for (const [name, { service }] of services) {
    const methods = Object.keys(service).map((each) => [each, handle(`${name}/${each}`)] as const);
    server.addService(service, Object.fromEntries(methods));
  }
  const address = `127.0.0.1:${port}`;
  const bound = Promise.withResolvers<void>();
  server.bindAsync(address, ServerCredentials.createInsecure(), (error) =>
    error === null ? bound.resolve() : bound.reject(error),
  );
  await bound.promise;
  return {
    address,
    received: async () => {
      const taken = received;
      received = [];
      return taken;
    },
    answer: async (told: PeerAnswer) => {
      answer = told;
    },
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}
