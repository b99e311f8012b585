import type { Ledger } from "../../lib/ledger/ledger.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { Audited } from "./audited.ts";
import type { AuditSource } from "./read-places.ts";

const answerMs = 20_000;

/** What a board's snapshot says, as far as an audit needs it. */
interface BoardSnapshot {
  readonly ledger: Ledger | null;
  readonly deadLetters: Readonly<Record<string, { readonly waiting: number } | null>>;
}

/** Reads what a board has read; `board` ends with a slash. */
export function boardSource(
  board: URL,
  pipelines: readonly AnyPipeline[] | undefined,
): AuditSource {
  const read = async (name: string): Promise<Audited> => {
    const { ledger, deadLetters } = await ask<BoardSnapshot>(board, `api/${name}/snapshot`);
    const waiting = Object.entries(deadLetters).map(([lane, counts]) => [
      lane,
      counts?.waiting ?? null,
    ]);
    return { pipeline: name, ledger, waiting: Object.fromEntries(waiting) };
  };
  return {
    where: `the board at ${board.href}`,
    idle: false,
    async read() {
      const names = pipelines?.map(({ name }) => name) ?? (await namesAt(board));
      return Promise.all(names.map(read));
    },
    async [Symbol.asyncDispose]() {},
  };
}

async function namesAt(board: URL): Promise<readonly string[]> {
  const { pipelines } = await ask<{ readonly pipelines: readonly { readonly name: string }[] }>(
    board,
    "api/pipelines",
  );
  return pipelines.map(({ name }) => name);
}

async function ask<T>(board: URL, path: string): Promise<T> {
  const url = new URL(path, board);
  const reply = await fetch(url, { signal: AbortSignal.timeout(answerMs) }).catch(
    (cause: unknown) => {
      throw new Error(`Cannot ask the board: ${url.href} does not answer`, { cause });
    },
  );
  if (!reply.ok) {
    throw new Error(`Cannot ask the board: ${url.href}: current status is ${reply.status}`);
  }
  return (await reply.json()) as T;
}
