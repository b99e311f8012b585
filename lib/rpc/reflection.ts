import {
  type DescFile,
  type DescService,
  type MessageInitShape,
  toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, type ConnectRouter } from "@connectrpc/connect";
import {
  ServerReflection,
  type ServerReflectionRequest,
  type ServerReflectionResponseSchema,
} from "../../gen/grpc/reflection/v1/reflection_pb.ts";
import { type SymbolTable, symbolTable, withImports } from "./symbol-table.ts";

type Answer = NonNullable<
  MessageInitShape<typeof ServerReflectionResponseSchema>["messageResponse"]
>;

/** Describes `services` and itself to tools such as grpcurl: `grpc.reflection.v1`, and v1alpha for older ones. */
export function reflectionRoutes(
  services: readonly DescService[],
): (router: ConnectRouter) => void {
  const table = symbolTable([...services, ServerReflection]);
  const method = ServerReflection.method.serverReflectionInfo;
  // v1alpha differs from v1 in its package's name alone.
  const parent = { ...ServerReflection, typeName: "grpc.reflection.v1alpha.ServerReflection" };
  async function* answerAll(requests: AsyncIterable<ServerReflectionRequest>) {
    for await (const request of requests) {
      const messageResponse = answer(table, request);
      yield { validHost: request.host, originalRequest: request, messageResponse };
    }
  }
  return (router) => {
    router.rpc(method, answerAll);
    router.rpc({ ...method, parent }, answerAll);
  };
}

function answer(table: SymbolTable, { messageRequest: asked }: ServerReflectionRequest): Answer {
  switch (asked.case) {
    case "listServices": {
      const service = table.services.map((name) => ({ name }));
      return { case: "listServicesResponse", value: { service } };
    }
    case "fileByFilename":
      return fileAnswer(asked.value, table.file(asked.value));
    case "fileContainingSymbol":
      return fileAnswer(asked.value, table.fileOf(asked.value));
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = asked.value;
      const known = table.extensionsOf(containingType) ?? [];
      const found = known.find(({ number }) => number === extensionNumber);
      return fileAnswer(`${containingType} ${extensionNumber}`, found?.file);
    }
    case "allExtensionNumbersOfType": {
      const known = table.extensionsOf(asked.value);
      if (known === undefined) return failure(Code.NotFound, `no type ${asked.value}`);
      const extensionNumber = known.map(({ number }) => number);
      const value = { baseTypeName: asked.value, extensionNumber };
      return { case: "allExtensionNumbersResponse", value };
    }
    case undefined:
      return failure(Code.InvalidArgument, "nothing was asked");
  }
}

function fileAnswer(asked: string, file: DescFile | undefined): Answer {
  if (file === undefined) return failure(Code.NotFound, `not known: ${asked.slice(0, 100)}`);
  const fileDescriptorProto = withImports(file).map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  );
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto } };
}

function failure(errorCode: Code, errorMessage: string): Answer {
  return { case: "errorResponse", value: { errorCode, errorMessage } };
}
