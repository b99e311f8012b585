import { within } from "../../../lib/pause.ts";
import type { Snapshot } from "../snapshot.ts";

/** One block of a stream of server-sent events. */
export interface StreamBlock {
  readonly event?: string;
  readonly data?: string;
  readonly retry?: string;
  /** What stands behind the colon of a comment. */
  readonly comment?: string;
}

const waitMs = 10_000;

/** Reads a stream as a browser does, block by block; disposing hangs up. */
export async function listen(url: string) {
  const leaving = new AbortController();
  const response = await fetch(url, { signal: leaving.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const next = async (): Promise<StreamBlock | undefined> => {
    for (let end = text.indexOf("\n\n"); ; end = text.indexOf("\n\n")) {
      if (end >= 0) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        return blockOf(block);
      }
      const read = await within("hear something", waitMs, reader?.read() ?? Promise.reject());
      if (read.done) return undefined;
      text += read.value;
    }
  };
  return {
    status: response.status,
    headers: response.headers,
    /** The next block; undefined at the stream's end. */
    next,
    /** The next snapshot. */
    async snapshot(): Promise<Snapshot & { readonly at: number }> {
      for (let block = await next(); block !== undefined; block = await next()) {
        if (block.event === "snapshot") return JSON.parse(block.data ?? "");
      }
      throw new Error("Cannot hear a snapshot: the stream has ended");
    },
    [Symbol.dispose]: () => leaving.abort(),
  };
}

function blockOf(block: string): StreamBlock {
  const fields = block.split("\n").map((line) => {
    const [name = "", ...value] = line.split(":");
    return [name || "comment", value.join(":").trimStart()];
  });
  return Object.fromEntries(fields);
}
