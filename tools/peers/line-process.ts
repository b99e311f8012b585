/** A program that answers commands, one JSON object a line each way. */
export interface LineProcess extends AsyncDisposable {
  /**
   * What the program answered to the operation `op`.
   *
   * @throws Error with what it said was wrong, or where it has ended or does not answer in time.
   */
  ask<T>(op: string, parameters?: object): Promise<T>;
}

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: string;
}

const answerTimeoutMs = 60_000;
const endTimeoutMs = 2_000;

/** Starts a program; it ends with its standard input, so also when this process dies. */
export function lineProcess(command: readonly string[]): LineProcess {
  const child = Bun.spawn([...command], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  const settle = (line: string) => {
    const { id, result, error } = JSON.parse(line) as Reply;
    const reply = waiting.get(id ?? 0);
    if (error === undefined) reply?.resolve(result);
    else reply?.reject(new Error(error));
  };
  const ended = readLines(child.stdout, settle).finally(() => {
    for (const reply of waiting.values()) {
      reply.reject(new Error(`Cannot ask ${command[0]}: it has ended`));
    }
  });
  return {
    ask: async <T>(op: string, parameters: object = {}) => {
      const id = ++asked;
      const reply = Promise.withResolvers<unknown>();
      const late = new Error(`Cannot ask for ${op}: no answer within ${answerTimeoutMs} ms`);
      const timer = setTimeout(() => reply.reject(late), answerTimeoutMs);
      waiting.set(id, reply);
      try {
        child.stdin.write(`${JSON.stringify({ ...parameters, id, op })}\n`);
        child.stdin.flush();
        return (await reply.promise) as T;
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
      }
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), endTimeoutMs);
      await Promise.all([child.exited, ended]);
      clearTimeout(timer);
    },
  };
}

async function readLines(stream: ReadableStream<Uint8Array>, take: (line: string) => void) {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  }
}
