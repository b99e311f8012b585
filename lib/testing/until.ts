/** What is left of a type when what counts as false is taken out. */
type Truthy<T> = Exclude<T, "" | 0 | false | null | undefined>;

/**
 * Waits until `check` yields something true and returns it; asks every `everyMs`.
 *
 * @throws Error naming `what` when `timeoutMs` have passed.
 */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 20 } = {},
): Promise<Truthy<T>> {
  const end = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await check();
      if (value) return value as Truthy<T>;
      last = value;
    } catch (error) {
      last = error;
    }
    await Bun.sleep(everyMs);
  }
  throw new Error(`Cannot see ${what} within ${timeoutMs} ms: last answer was ${String(last)}`);
}
