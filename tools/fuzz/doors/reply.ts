/** What came back, over either protocol. */
export interface Reply {
  /** The HTTP status, or the code of gRPC; undefined where none came. */
  readonly code: number | undefined;
  /** The HTTP status beneath a gRPC code. */
  readonly status?: number;
  /** The event's id, as the reply says it. */
  readonly id: string | undefined;
  /** What else was said, in short. */
  readonly said: string;
}
