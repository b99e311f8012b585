/** The part of a client's deadline that is kept for the way back, so that our answer and not its own time-out ends the call. */
const headroom = 0.1;

/** The most that is kept for the way back, in milliseconds. */
const headroomMaxMs = 200;

/**
 * The header of HTTP requests that says how many milliseconds the client waits: the Connect protocol's, since HTTP has none of
 * its own (https://connectrpc.com/docs/protocol#unary-request).
 */
export const timeoutHeader = "connect-timeout-ms";

/** What a request says of how long its client waits, in milliseconds; undefined where it says nothing that can be read. */
export function timeoutIn(header: string | null): number | undefined {
  return header !== null && /^\d{1,10}$/.test(header) ? Number(header) : undefined;
}

/**
 * How long publishing may take, in milliseconds, given what is left of the client's own deadline; never longer than the
 * station's.
 */
export function allowedMs(clientMs: number | undefined, deadlineMs: number): number {
  if (clientMs === undefined) return deadlineMs;
  const leftMs = clientMs - Math.min(clientMs * headroom, headroomMaxMs);
  return Math.min(leftMs, deadlineMs);
}
