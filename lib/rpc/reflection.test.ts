import { describe, expect, test } from "bun:test";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Health } from "../../gen/grpc/health/v1/health_pb.ts";
import { ServerReflection } from "../../gen/grpc/reflection/v1/reflection_pb.ts";
import { WeatherTweetService } from "../../gen/weathertweet/weathertweet_pb.ts";
import { grpcServer } from "./grpc-server.ts";
import { reflectionRoutes } from "./reflection.ts";

type Asked =
  Parameters<
    ReturnType<typeof createClient<typeof ServerReflection>>["serverReflectionInfo"]
  >[0] extends AsyncIterable<infer T>
    ? T
    : never;

/** A server that describes itself, and what it answers to one question. */
async function open(service: typeof ServerReflection = ServerReflection) {
  const server = await grpcServer({
    port: 0,
    hostname: "127.0.0.1",
    messageBytesMax: 65_536,
    routes: [reflectionRoutes([WeatherTweetService, Health])],
  });
  const baseUrl = `http://127.0.0.1:${server.port}`;
  const client = createClient(service, createGrpcTransport({ baseUrl }));
  return {
    ask: async (messageRequest: NonNullable<Asked["messageRequest"]>) => {
      async function* once() {
        yield { messageRequest };
      }
      for await (const reply of client.serverReflectionInfo(once())) return reply.messageResponse;
      throw new Error("Cannot get an answer: the stream ended");
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The files in an answer, as a client builds them: nothing may be missing, and nothing of a file but its own. */
function registryOf(answer: Awaited<ReturnType<Awaited<ReturnType<typeof open>>["ask"]>>) {
  if (answer.case !== "fileDescriptorResponse") throw new Error(`Cannot read ${answer.case}`);
  const files = answer.value.fileDescriptorProto.map((bytes) =>
    fromBinary(FileDescriptorProtoSchema, bytes),
  );
  const byName = new Map(files.map((file) => [file.name, file]));
  const [first] = files;
  return createFileRegistry(first as FileDescriptorProto, (name) => byName.get(name));
}

describe("what tools such as grpcurl ask", () => {
  test("list names every service", async () => {
    await using server = await open();
    expect(await server.ask({ case: "listServices", value: "" })).toMatchObject({
      case: "listServicesResponse",
      value: {
        service: [
          { name: "weathertweet.WeatherTweetService" },
          { name: "grpc.health.v1.Health" },
          { name: "grpc.reflection.v1.ServerReflection" },
        ],
      },
    });
  });

  for (const symbol of [
    "weathertweet.WeatherTweetService",
    "weathertweet.WeatherTweetService.SendTweet",
    "weathertweet.WeatherTweetRequest",
    "weathertweet.WeatherTweetRequest.humidity",
    "weathertweet.Weathers",
  ]) {
    test(`the file of ${symbol}, with all that it imports`, async () => {
      await using server = await open();
      const registry = registryOf(
        await server.ask({ case: "fileContainingSymbol", value: symbol }),
      );
      expect(registry.getService("weathertweet.WeatherTweetService")?.methods.length).toBe(1);
    });
  }

  test("a file by its name", async () => {
    await using server = await open();
    const value = "buf/validate/validate.proto";
    const registry = registryOf(await server.ask({ case: "fileByFilename", value }));
    expect(registry.getMessage("buf.validate.FieldRules")).toBeDefined();
  });

  test("extensions by number, and their numbers", async () => {
    await using server = await open();
    const containingType = "google.protobuf.FieldOptions";
    const numbers = await server.ask({ case: "allExtensionNumbersOfType", value: containingType });
    expect(numbers).toMatchObject({ value: { extensionNumber: [1159, 1160] } });
    const value = { containingType, extensionNumber: 1159 };
    const registry = registryOf(await server.ask({ case: "fileContainingExtension", value }));
    expect(registry.getExtension("buf.validate.field")).toBeDefined();
  });

  test("what is not known is told so", async () => {
    await using server = await open();
    for (const asked of [
      { case: "fileContainingSymbol", value: "nope.Nope" },
      { case: "fileByFilename", value: "nope.proto" },
      { case: "allExtensionNumbersOfType", value: "nope.Nope" },
    ] as const) {
      expect(await server.ask(asked)).toMatchObject({
        case: "errorResponse",
        value: { errorCode: 5 },
      });
    }
  });

  test("v1alpha answers the same", async () => {
    const typeName = "grpc.reflection.v1alpha.ServerReflection";
    const method = ServerReflection.method.serverReflectionInfo;
    const alpha = { ...ServerReflection, typeName } as typeof ServerReflection;
    const info = { ...method, parent: alpha };
    Object.assign(alpha, { method: { serverReflectionInfo: info }, methods: [info] });
    await using server = await open(alpha);
    const answer = await server.ask({ case: "listServices", value: "" });
    expect(answer.case).toBe("listServicesResponse");
  });
});
