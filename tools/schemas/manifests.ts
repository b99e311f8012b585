import { isBuiltIn } from "../../charts/testing/built-in.ts";
import { type KubeObject, readManifests } from "../lint-manifests/objects.ts";

/** A folder of manifests, as it is tried. */
export interface Folder {
  /** Its name, as people know it. */
  readonly name: string;
  readonly objects: readonly KubeObject[];
}

/**
 * The objects below a folder.
 *
 * @throws Error where there are none.
 */
export function readFolder(path: string, name: string): Folder {
  return { name, objects: readManifests(path).flatMap(({ objects }) => objects) };
}

/** The same without what Kubernetes itself has schemas of. */
export function customOnly({ name, objects }: Folder): Folder {
  return { name, objects: objects.filter((each) => !isBuiltIn(each.apiVersion)) };
}

/** The kind of an object, with the group and version. */
export function kindOf({ apiVersion, kind }: Pick<KubeObject, "apiVersion" | "kind">): string {
  return `${apiVersion} ${kind}`;
}

/** The same object in another namespace, if it is in any. */
export function moved(object: KubeObject, namespace: string): KubeObject {
  if (object.metadata.namespace === undefined) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

/** One object of each kind, with a field of its spec once more under a name that no schema has. */
export function misspelt(objects: readonly KubeObject[]): readonly KubeObject[] {
  const oneOfEach = new Map(objects.map((each) => [kindOf(each), each]));
  return [...oneOfEach.values()].map((object) => {
    const { spec } = object as KubeObject & { readonly spec?: Readonly<Record<string, unknown>> };
    const [field = "spec", value = ""] = Object.entries(spec ?? {})[0] ?? [];
    return { ...object, spec: { ...spec, [`${field}Misspelt`]: value } };
  });
}
