import { readFile, stat } from "node:fs/promises";

/** How often files are looked at, in milliseconds. */
const lookMs = 2_000;

/** What a file holds now, or why that cannot be told. */
export type FileText = { readonly text: string } | { readonly error: Error };

/** What is watched, and how. */
export interface WatchOptions {
  /** What was read before: `onChange` hears of what differs from it. */
  readonly last: FileText;
  readonly bytesMax: number;
  readonly onChange: (now: FileText) => void;
  /** How often the file is looked at, in milliseconds. @default 2000 */
  readonly everyMs?: number;
}

/** The text of a file of at most `bytesMax` bytes; whatever the file is, it answers and never rejects. */
export async function readText(file: string, bytesMax: number): Promise<FileText> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return { error: new Error("it is no file") };
    if (found.size > bytesMax) {
      const why = `it must have at most ${bytesMax} bytes: current value is ${found.size}`;
      return { error: new Error(why) };
    }
    return { text: await readFile(file, "utf8") };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/**
 * Tells of a file's changes, by reading it again and again: where Kubernetes mounts a Secret it swaps a symbolic link two
 * levels up, which no watching of the file itself would see. A change is told once, a fault too. It keeps no process alive.
 */
export function watchText(file: string, options: WatchOptions): Disposable {
  const { bytesMax, onChange, everyMs = lookMs } = options;
  let last = signOf(options.last);
  let looking = false;
  let disposed = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    const now = await readText(file, bytesMax);
    looking = false;
    if (disposed || signOf(now) === last) return;
    last = signOf(now);
    onChange(now);
  };
  const timer = setInterval(look, everyMs);
  timer.unref();
  return {
    [Symbol.dispose]: () => {
      disposed = true;
      clearInterval(timer);
    },
  };
}

function signOf(now: FileText): string {
  return "text" in now ? `text ${now.text}` : `error ${now.error.message}`;
}
