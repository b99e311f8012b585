import type { IncomingHttpHeaders } from "node:http2";
import type { Code } from "@connectrpc/connect";

/** A call that is not let in: its status, and metadata of the reply. */
export interface Refused {
  readonly code: Code;
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Asked for every call before anything of its message is looked at, with the method's path
 * (`/package.Service/Method`) and the call's headers; undefined lets it in.
 */
export type Gate = (path: string, headers: IncomingHttpHeaders) => Refused | undefined;
