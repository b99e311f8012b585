/** A command line that means nothing; its message is a sentence for people. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Does `read`, and takes whatever it throws for a fault of the command line. */
export function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
