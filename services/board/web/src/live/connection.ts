/**
 * How the page hears of changes: `connecting` (nothing heard yet), `live` (by the stream), `retrying` (the stream is gone,
 * and opened again soon), `polling` (it stays away, and the board is asked instead), `lost` (nor does that answer).
 */
export type Phase = "connecting" | "live" | "retrying" | "polling" | "lost";

/** What the page knows of its connection. */
export interface Connection {
  readonly phase: Phase;
  /** How often the stream failed since its last snapshot. */
  readonly failures: number;
  /** When the page last had news, by its own clock; undefined before the first. */
  readonly freshAtMs: number | undefined;
}

/** What happens to a connection: to its stream, or to a question asked without it. */
export type Signal = "snapshot" | "streamFailed" | "answered" | "unanswered";

/** After how many failures in a row the board is asked for snapshots. */
const failuresMax = 3;
const shortestMs = 1_000;
const longestMs = 30_000;

/** A connection before anything was heard. */
export const unheard: Connection = { phase: "connecting", failures: 0, freshAtMs: undefined };

/** Whether the board is asked for snapshots beside the tries to open the stream. */
export function asks({ failures }: Connection): boolean {
  return failures >= failuresMax;
}

/** The connection after a signal that came at `nowMs`. */
export function after(connection: Connection, signal: Signal, nowMs: number): Connection {
  switch (signal) {
    case "snapshot":
      return { phase: "live", failures: 0, freshAtMs: nowMs };
    case "streamFailed":
      return {
        ...connection,
        phase: connection.phase === "live" ? "retrying" : connection.phase,
        failures: connection.failures + 1,
      };
    case "answered":
      return {
        ...connection,
        phase: asks(connection) ? "polling" : connection.phase,
        freshAtMs: nowMs,
      };
    case "unanswered":
      return asks(connection) ? { ...connection, phase: "lost" } : connection;
  }
}

/** How long to wait after so many failures, in milliseconds: longer each time, and never all pages at once. */
export function retryDelayMs(failures: number, random: number): number {
  const most = Math.min(longestMs, shortestMs * 2 ** failures);
  return shortestMs + random * (most - shortestMs);
}
