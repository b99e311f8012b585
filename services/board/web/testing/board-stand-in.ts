import { join } from "node:path";
import type { Snapshot } from "../src/api/shapes.ts";
import { firstSnapshots, letters, pipelines } from "./scripted-board.ts";

/** A server that plays a board: the page with a board's headers, and the API from a state that tests change. */
export interface BoardStandIn extends AsyncDisposable {
  readonly url: string;
  readonly behaviour: {
    /** Whether streams are served; where not, they are refused. */
    streams: boolean;
    /** Whether anything but the page itself is served. */
    api: boolean;
  };
  /** What a pipeline holds now. */
  snapshot(pipeline: string): Snapshot;
  /** Changes what a pipeline holds and tells all who listen. */
  change(pipeline: string, change: Partial<Snapshot>): void;
  /** Ends every stream. */
  cut(): void;
  /** How many listen. */
  readonly listeners: number;
}

const headers = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

type Listener = Readonly<{ pipeline: string; controller: ReadableStreamDefaultController<string> }>;

/** Serves the page built into `dir`, at the root and below `/a/path/`. */
export function boardStandIn(dir: string, port: number): BoardStandIn {
  const snapshots = new Map(Object.entries(firstSnapshots));
  const listeners = new Set<Listener>();
  const behaviour = { streams: true, api: true };
  const snapshotOf = (pipeline: string) => {
    const found = snapshots.get(pipeline);
    if (found === undefined) throw new Error(`Cannot play ${pipeline}: nothing is scripted for it`);
    return found;
  };
  const tell = ({ pipeline, controller }: Listener) =>
    controller.enqueue(`event: snapshot\ndata: ${JSON.stringify(snapshotOf(pipeline))}\n\n`);

  const stream = (pipeline: string) => {
    let listener: Listener;
    const body = new ReadableStream<string>({
      start: (controller) => {
        listener = { pipeline, controller };
        listeners.add(listener);
        controller.enqueue("retry: 2000\n\n");
        tell(listener);
      },
      cancel: () => {
        listeners.delete(listener);
      },
    });
    return new Response(body.pipeThrough(new TextEncoderStream()), {
      headers: { "content-type": "text/event-stream" },
    });
  };

  const api = (path: string): Response => {
    if (!behaviour.api) return new Response("", { status: 503 });
    if (path === "pipelines") return Response.json({ pipelines });
    const [pipeline = "", what = ""] = path.split("/");
    if (!snapshots.has(pipeline)) return new Response("", { status: 404 });
    const { logs, ...snapshot } = snapshotOf(pipeline);
    switch (what) {
      case "snapshot":
        return Response.json(snapshot);
      case "logs":
        return logs ? Response.json(logs) : new Response("Error getting logs", { status: 500 });
      case "dead-letters":
        return Response.json({ letters });
      case "stream":
        return behaviour.streams ? stream(pipeline) : new Response("", { status: 503 });
      default:
        return new Response("", { status: 404 });
    }
  };

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    idleTimeout: 0,
    fetch: ({ url }) => {
      const path = new URL(url).pathname.replace(/^\/(?:a\/path\/)?/, "");
      if (path.startsWith("api/")) return api(path.slice("api/".length));
      return new Response(Bun.file(join(dir, path === "" ? "index.html" : path)), { headers });
    },
    error: () => new Response("", { status: 404 }),
  });
  const cut = () => {
    for (const { controller } of listeners) controller.close();
    listeners.clear();
  };
  return {
    url: `http://127.0.0.1:${server.port}/`,
    behaviour,
    snapshot: snapshotOf,
    change: (pipeline, change) => {
      const before = snapshotOf(pipeline);
      snapshots.set(pipeline, { ...before, at: before.at + 1_000, ...change });
      for (const listener of listeners) if (listener.pipeline === pipeline) tell(listener);
    },
    cut,
    get listeners() {
      return listeners.size;
    },
    [Symbol.asyncDispose]: async () => {
      cut();
      await server.stop(true);
    },
  };
}
