import fc from "fast-check";
import type { FieldForm } from "../model/field-form.ts";
import { type CredentialKind, credentials } from "./credentials.ts";
import { jsonBodies } from "./json-body.ts";

/** What key a request has; `own` is a fresh UUIDv7, `upper` the same in capitals, `old` and `future` lie outside the window. */
export const keyKinds = [
  "none",
  "own",
  "upper",
  "text",
  "long",
  "bad",
  "empty",
  "old",
  "future",
] as const;

/** One of `keyKinds`. */
export type KeyKind = (typeof keyKinds)[number];

/** A content type, and whether it is JSON in UTF-8; undefined where that may be seen either way. */
export interface TypeHeader {
  readonly text: string | undefined;
  readonly isJson: boolean | undefined;
}

/** A request to an event route, but for the key's text, which depends on the time. */
export interface HttpRequest {
  readonly what: string;
  readonly method: string;
  /** Put behind the route's path: a query, or more of a path. */
  readonly tail: string;
  readonly type: TypeHeader;
  readonly key: KeyKind;
  /** How it shows a client's key, where doors ask for one. */
  readonly credential: CredentialKind;
  /** Further header lines, each one name and one value. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Whether the client says that it waits so short a time that nobody may answer within. */
  readonly isHurried: boolean;
  readonly framing: "length" | "chunked";
  readonly body: Uint8Array;
  /** What is sent once more after a success under the same key. */
  readonly again: "nothing" | "same" | "other";
  /** Makes keys of its own. */
  readonly nonce: number;
}

const usual: TypeHeader = { text: "application/json", isJson: true };

const types: readonly TypeHeader[] = [
  usual,
  { text: "application/json;charset=utf-8", isJson: true },
  { text: "Application/JSON; Charset=UTF-8", isJson: true },
  { text: 'application/json ; charset="utf-8"', isJson: true },
  { text: "application/json; version=1", isJson: true },
  { text: "application/json; charset=utf8", isJson: undefined },
  { text: "application/json; charset=latin1", isJson: false },
  { text: "application/json; charset=utf-16", isJson: false },
  { text: "application/json, text/plain", isJson: false },
  { text: "application/problem+json", isJson: false },
  { text: "application/jsonp", isJson: false },
  { text: "text/plain", isJson: false },
  { text: "multipart/form-data", isJson: false },
  { text: "application/x-www-form-urlencoded", isJson: false },
  { text: "application/grpc", isJson: false },
  { text: "*/*", isJson: false },
  { text: ";", isJson: false },
  { text: "", isJson: false },
  { text: undefined, isJson: false },
];

const prefers = [
  ...["policy=kafka", "policy=rabbit", "policy=both", "policy=random", "policy", "POLICY=Kafka"],
  ...['policy="kafka"', 'policy="ka\\fka";a=b', "respond-async, policy=kafka", "policy=__proto__"],
  ...[`${'"'.repeat(900)}`, ",".repeat(900), `policy="${"\\".repeat(900)}`, "policy=kafka;;;,,,="],
];

const odd: readonly (readonly [string, string])[] = [
  ["x-event-forwarded", "1"],
  ["content-encoding", "identity"],
  ["accept", "text/html;q=1,*/*;q=0"],
  ["accept-encoding", "br,gzip,*;q=0"],
  ["expect", "200-ok"],
  ["connect-timeout-ms", "abc"],
  ["connect-timeout-ms", "99999999999999"],
  ["connect-timeout-ms", "-5"],
  ["connect-timeout-ms", "60000"],
  ["x-forwarded-for", "999.999.999.999, ::1, <script>"],
  ["x-latin", "\u00e9\u00ff\u0080"],
  ["x-long", "y".repeat(6_000)],
  ["cookie", "a=b; ".repeat(300)],
  ["authorization", "Bearer "],
  ["authorization", `Basic ${"A".repeat(500)}`],
  ["x-api-key", "\u00ff"],
  ["range", "bytes=0-0"],
  ["if-match", "*"],
  ["traceparent", "00-zz-zz-zz"],
];

/** Makes the requests to the event routes of a message of these fields. */
export function httpRequests(forms: readonly FieldForm[]): fc.Arbitrary<HttpRequest> {
  const mostly = <T>(weight: number, common: T, ...others: readonly fc.Arbitrary<T>[]) =>
    fc.oneof(
      { weight, arbitrary: fc.constant(common) },
      ...others.map((arbitrary) => ({ weight: 1, arbitrary })),
    );
  const lists = fc.array(
    fc.oneof(
      fc.constantFrom(...odd),
      fc.constantFrom(...prefers).map((value) => ["prefer", value] as const),
    ),
    { minLength: 1, maxLength: 4 },
  );
  return fc
    .record({
      body: jsonBodies(forms),
      method: mostly(
        60,
        "POST",
        fc.constantFrom("GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"),
      ),
      tail: mostly(60, "", fc.constantFrom("?a=1", "?", "?%00%zz", "/extra", "/%2e%2e/x", "%00")),
      type: mostly(8, usual, fc.constantFrom(...types)),
      key: mostly<KeyKind>(9, "own", fc.constantFrom(...keyKinds), fc.constantFrom("none", "text")),
      credential: credentials,
      headers: mostly<HttpRequest["headers"]>(6, [], lists),
      isHurried: mostly(80, false, fc.constant(true)),
      framing: mostly<HttpRequest["framing"]>(8, "length", fc.constant("chunked")),
      again: mostly<HttpRequest["again"]>(20, "nothing", fc.constantFrom("same", "other")),
      nonce: fc.nat({ max: 2 ** 31 - 1 }),
    })
    .map(({ body, ...request }) => ({ ...request, what: body.what, body: body.bytes }));
}
