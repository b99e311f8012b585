import type { Http2ServerRequest, Http2ServerResponse, IncomingHttpHeaders } from "node:http2";
import { Code } from "@connectrpc/connect";
import { endWith } from "./end-with.ts";

/** Answers a request. */
type Serve = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** The most that a timer holds, in milliseconds, and nearly that as gRPC writes it: one that is told more fires at once. */
const timerMaxMs = 2 ** 31 - 1;
const timerMax = "2147483S";

const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000 };

/**
 * Stands before the library's adapter and keeps from it what it cannot take:
 *
 * - requests that it throws over, such as those whose authority is no host: unanswered, they would end the process;
 * - gRPC's JSON form (415), in which `"25"` is a number and more: one protocol has one set of verdicts;
 * - deadlines beyond what a timer holds: who waits for years is taken to wait for 24 days.
 */
export function guarded(serve: Serve): Serve {
  return (request, response) => {
    const { headers } = request;
    if (/^application\/grpc\+json/i.test(headers["content-type"] ?? "")) {
      response.writeHead(415);
      response.end();
      request.resume();
      return;
    }
    shorten(headers);
    try {
      serve(request, response);
    } catch {
      endWith(response, Code.InvalidArgument, "the request's headers make no request");
      request.resume();
    }
  };
}

function shorten(headers: IncomingHttpHeaders): void {
  const [, count, unit = ""] = /^(\d{1,8})([HMS])$/.exec(`${headers["grpc-timeout"] ?? ""}`) ?? [];
  if (Number(count) * (unitMs[unit] ?? 0) > timerMaxMs) headers["grpc-timeout"] = timerMax;
}
