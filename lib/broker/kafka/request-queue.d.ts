/** kafkajs's queue of a connection's requests, as far as it is used here; kafkajs has no types for its inside. */
declare module "kafkajs/src/network/requestQueue/index.js" {
  interface RequestQueue {
    /** Requests that wait until others are answered or a broker's throttling is over. */
    readonly pending: readonly unknown[];
    /** Sends what waits and may be sent now, and sets a timer for the next look. */
    checkPendingRequests(): void;
    /** Sets the timer for that. */
    scheduleCheckPendingRequests(): void;
    /** The timer. */
    readonly throttleCheckTimeoutId?: unknown;
    /** Takes the timer back. */
    destroy(): void;
  }
  const RequestQueue: {
    readonly prototype: RequestQueue;
    new (options: Readonly<Record<string, unknown>>): RequestQueue;
  };
  export = RequestQueue;
}
