/** What a log line carries beside its message. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes JSON lines: start, ready, stop and faults. What happens to each event is a metric, not a line. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** A log whose lines all carry `base`; `write` gets each line without its end. */
export function createLog(base: LogFields, write: (line: string) => void): Log {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      write(
        JSON.stringify(
          { time: new Date().toISOString(), level, message, ...base, ...fields },
          plain,
        ),
      );
  return { info: at("info"), warn: at("warn"), error: at("error") };
}

/** A log that keeps silent. */
export const silentLog: Log = createLog({}, () => {});

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) {
    return value.cause === undefined ? value.message : `${value.message} (${causeOf(value)})`;
  }
  return typeof value === "bigint" ? Number(value) : value;
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : String(error.cause);
}
