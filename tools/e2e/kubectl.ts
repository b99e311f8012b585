import { type Ended, runProgram, succeed } from "../run-program.ts";
import type { KubeObject } from "./objects.ts";

/** The cluster that `KUBECONFIG` names, by the program `kubectl`; each call ends within a stated time. */
export interface Kubectl {
  /** Objects of a kind in the namespace, or those that the labels choose. */
  list<T extends KubeObject>(
    kind: string,
    labels?: Readonly<Record<string, string>>,
  ): Promise<readonly T[]>;
  /** One object; undefined where there is none. */
  find<T extends KubeObject>(kind: string, name: string): Promise<T | undefined>;
  /** Applies manifests: a file by its path, or objects. */
  apply(what: string | readonly object[]): Promise<void>;
  /** Deletes an object, if it is there, and waits until it is gone. */
  remove(kind: string, name: string, timeoutMs?: number): Promise<void>;
  /** Any other command, with what it reads from its standard input; returns what it printed. */
  run(args: readonly string[], timeoutMs?: number, input?: string): Promise<string>;
  /** Any other command, which may fail. */
  attempt(args: readonly string[], timeoutMs?: number): Promise<Ended>;
  /** The same in another namespace. */
  within(namespace: string): Kubectl;
}

const askMs = 30_000;
const applyMs = 120_000;

/** The cluster, in one namespace of it. */
export function kubectl(namespace: string, signal?: AbortSignal): Kubectl {
  const words = (args: readonly string[]) => ["kubectl", "--namespace", namespace, ...args];
  const run = (args: readonly string[], timeoutMs = askMs, input?: string) =>
    succeed({
      command: words(args),
      timeoutMs,
      signal,
      ...(input === undefined ? {} : { input }),
    });
  return {
    run,
    attempt: (args, timeoutMs = askMs) => runProgram({ command: words(args), timeoutMs, signal }),
    list: async (kind, labels = {}) => {
      const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
      const choose = selector.length === 0 ? [] : ["--selector", selector.join(",")];
      const text = await run(["get", kind, ...choose, "--output", "json"]);
      return JSON.parse(text).items;
    },
    find: async (kind, name) => {
      const text = await run(["get", kind, name, "--ignore-not-found", "--output", "json"]);
      return text.trim() === "" ? undefined : JSON.parse(text);
    },
    apply: async (what) => {
      if (typeof what === "string") return void (await run(["apply", "--filename", what], applyMs));
      const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: what });
      await run(["apply", "--filename", "-"], applyMs, list);
    },
    remove: async (kind, name, timeoutMs = applyMs) => {
      await run(["delete", kind, name, "--ignore-not-found", "--wait"], timeoutMs);
    },
    within: (other) => kubectl(other, signal),
  };
}
