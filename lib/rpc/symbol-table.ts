import {
  createRegistry,
  type DescExtension,
  type DescFile,
  type DescService,
  type Registry,
} from "@bufbuild/protobuf";

/** Where everything that some services mention is defined. */
export interface SymbolTable {
  readonly services: readonly string[];
  file(name: string): DescFile | undefined;
  /** The file that defines a service, method, message, field, enum or extension. */
  fileOf(symbol: string): DescFile | undefined;
  /** The extensions of a message; undefined where the message is not known. */
  extensionsOf(message: string): readonly DescExtension[] | undefined;
}

/** Indexes the files of `services` and all that those import. */
export function symbolTable(services: readonly DescService[]): SymbolTable {
  const files = new Map<string, DescFile>();
  for (const { file } of services) addFile(files, file);
  const registry = createRegistry(...files.values());
  return {
    services: services.map(({ typeName }) => typeName),
    file: (name) => files.get(name),
    fileOf: (symbol) => fileOf(registry, symbol) ?? fileOf(registry, parentOf(symbol)),
    extensionsOf: (message) =>
      registry.getMessage(message) &&
      [...registry].filter(
        (desc): desc is DescExtension =>
          desc.kind === "extension" && desc.extendee.typeName === message,
      ),
  };
}

/** The file and everything that it imports, directly or not, each once. */
export function withImports(file: DescFile): readonly DescFile[] {
  const files = new Map<string, DescFile>();
  addFile(files, file);
  return [...files.values()];
}

// protobuf-es leaves the suffix out of a file's name; imports have it.
function addFile(files: Map<string, DescFile>, file: DescFile): void {
  const { name } = file.proto;
  if (files.has(name)) return;
  files.set(name, file);
  for (const imported of file.dependencies) addFile(files, imported);
}

function fileOf(registry: Registry, symbol: string): DescFile | undefined {
  return registry.get(symbol)?.file;
}

/** The service of a method, the message of a field. */
function parentOf(symbol: string): string {
  return symbol.slice(0, Math.max(0, symbol.lastIndexOf(".")));
}
