import type { Http2ServerRequest } from "node:http2";
import type { Code, ContextValues } from "@connectrpc/connect";

/** A call that is not let in: its status, and metadata of the reply. */
export interface Refused {
  readonly code: Code;
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What of a call may decide about it. */
export type GatedCall = Pick<Http2ServerRequest, "headers" | "socket">;

/**
 * Asked for every call before anything of its message is looked at, with the method's path
 * (`/package.Service/Method`, never with a query behind it). Undefined lets the call in, and values do, which its handler
 * finds in its context.
 */
export type Gate = (path: string, call: GatedCall) => Refused | ContextValues | undefined;
