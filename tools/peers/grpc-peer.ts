/** One unary call of a service in `proto/`. */
export interface PeerCall {
  /** `host:port`. */
  readonly address: string;
  /** The full name, package included. */
  readonly service: string;
  readonly method: string;
  /** The message as JSON, enums by name. */
  readonly request: object;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The client's own deadline. @default 10000 */
  readonly timeoutMs?: number;
}

/** What a unary call came to, error or not. */
export interface PeerOutcome {
  /** 0 is success. */
  readonly code: number;
  readonly details: string;
  readonly reply: unknown;
  /** Headers and trailers that are text. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The fields that `buf.validate.Violations` in the error's details name. */
  readonly violations: readonly string[];
}

/** What a foreign server got. */
export interface PeerRequest {
  /** `<service>/<method>`. */
  readonly method: string;
  /** The message as JSON, enums by name. */
  readonly request: unknown;
  readonly metadata: Readonly<Record<string, string>>;
}

/** How a foreign server answers from now on: an empty reply unless there is a code. */
export interface PeerAnswer {
  /** @default 0 */
  readonly code?: number;
  readonly details?: string;
  /** Sent as trailers. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** How long it takes. @default 0 */
  readonly delayMs?: number;
}

/** A foreign server of all services, without health checks and reflection; disposing it cuts calls in hand. */
export interface PeerServer extends AsyncDisposable {
  /** `host:port`. */
  readonly address: string;
  /** What came since this was asked last. */
  received(): Promise<readonly PeerRequest[]>;
  answer(answer: PeerAnswer): Promise<void>;
}

/** A gRPC implementation that shares no code with ours. */
export interface GrpcPeer extends AsyncDisposable {
  /** Calls over a connection of its own; resolves with error statuses too. */
  call(call: PeerCall): Promise<PeerOutcome>;
  /** Serves on a port of this machine, at most one server at a time. */
  serve(port: number): Promise<PeerServer>;
}

/** The deadline of a call that sets none, in milliseconds. */
export const callTimeoutMs = 10_000;
