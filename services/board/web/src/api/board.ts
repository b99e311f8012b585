import type { Letter } from "../../../letter.ts";
import type { BoardPipeline, LogRecord, Snapshot } from "./shapes.ts";

const timeoutMs = 5_000;
const newestMax = 20;

/** The pipelines of the board that this page came from. */
export async function readPipelines(): Promise<readonly BoardPipeline[]> {
  const { pipelines } = await readJson<{ pipelines: readonly BoardPipeline[] }>("api/pipelines");
  return pipelines;
}

/** What a pipeline's store and brokers say now. */
export function readSnapshot(pipeline: string): Promise<Snapshot> {
  return readJson(`${addressOf(pipeline)}/snapshot`);
}

/** The newest records of a pipeline's log, newest first. */
export function readLogs(pipeline: string): Promise<readonly LogRecord[]> {
  return readJson(`${addressOf(pipeline)}/logs?limit=${newestMax}`);
}

/** The newest dead letters of a pipeline, newest first. */
export async function readLetters(pipeline: string): Promise<readonly Letter[]> {
  const { letters } = await readJson<{ letters: readonly Letter[] }>(
    `${addressOf(pipeline)}/dead-letters?limit=${newestMax}`,
  );
  return letters;
}

/**
 * Opens a pipeline's stream: `on.snapshot` gets every snapshot, `on.failed` is called once when the stream is refused or
 * ends. The function that is returned closes it.
 */
export function openStream(
  pipeline: string,
  on: { snapshot(snapshot: Snapshot): void; failed(): void },
): () => void {
  const stream = new EventSource(`${addressOf(pipeline)}/stream`);
  // It would connect again by itself, but neither wait longer each time nor tell how often it failed.
  const fail = () => {
    stream.close();
    on.failed();
  };
  stream.addEventListener("error", fail);
  stream.addEventListener("snapshot", ({ data }: MessageEvent<string>) => {
    const snapshot = parsed(data);
    if (snapshot === undefined) fail();
    else on.snapshot(snapshot);
  });
  return () => stream.close();
}

/** Relative to the page, so that it works below whatever path leads to it. */
function addressOf(pipeline: string): string {
  return `api/${encodeURIComponent(pipeline)}`;
}

async function readJson<T>(address: string): Promise<T> {
  const response = await fetch(address, {
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) {
    throw new Error(`Cannot read ${address}: status is ${response.status}`);
  }
  return response.json();
}

function parsed(text: string): Snapshot | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
