import { isLetIn } from "../generate/credentials.ts";
import type { GrpcRequest } from "../generate/grpc-request.ts";
import { otherTypes } from "../generate/grpc-request.ts";
import type { HttpRequest, KeyKind } from "../generate/http-request.ts";
import type { FieldForm } from "../model/field-form.ts";
import { jsonVerdict } from "../model/json-verdict.ts";
import type { Door } from "./find-doors.ts";

/** The codes that are right for a request, by the contract. */
export type Codes = readonly number[];

/** What one event may take, in bytes. */
const bytesMax = 65_536;

/** The statuses that an HTTP route may answer with: path, method, client, type, size, JSON, fields, key, in this order. */
export function httpCodes(
  { success, clientKey }: Door,
  forms: readonly FieldForm[],
  request: HttpRequest,
): Codes {
  const { method, tail, type, body, key, isHurried, credential } = request;
  if (!(tail === "" || tail.startsWith("?"))) return [404];
  if (method === "OPTIONS") return [204];
  if (method !== "POST") return [405];
  if (clientKey !== undefined && !isLetIn(credential)) return [401];
  if (type.isJson === false) return [415];
  const others = type.isJson === undefined ? [415] : [];
  if (body.length > bytesMax) return [...others, 413];
  switch (jsonVerdict(forms, body)) {
    case "not-json":
      return [...others, ...hurried(isHurried), 400];
    case "faults":
      return [...others, ...hurried(isHurried), 422];
    case "refused":
      return [...others, ...hurried(isHurried), 400, 422];
    case "taken":
      return [...others, ...hurried(isHurried), ...keyCodes(key, success)];
  }
}

/** Who waits for a millisecond may be told that it was not enough. */
function hurried(isHurried: boolean): Codes {
  return isHurried ? [408, 502, 503] : [];
}

function keyCodes(key: KeyKind, success: number): Codes {
  if (key === "bad") return [400];
  // A header without a value is malformed to some and no header to others.
  if (key === "empty") return [400, success];
  return key === "old" || key === "future" ? [422] : [success];
}

/** The codes of gRPC that are right for a call; negative ones are HTTP statuses, for what is no call. */
export function grpcCodes({ clientKey }: Door, request: GrpcRequest): Codes {
  const { type, verdict, key, isHurried, what, messageBytes, credential } = request;
  // Who it is is asked first, so that what is no call may be refused for either.
  const isStranger = clientKey !== undefined && !isLetIn(credential);
  if (isStranger) return otherTypes.includes(type) ? [-415, 16] : [16];
  if (otherTypes.includes(type)) return [-415];
  const late = isHurried ? [4, 14] : [];
  const framing = framingCodes(what);
  if (messageBytes > bytesMax) return [...late, 8, ...(verdict === "refused" ? [3, 12] : [])];
  if (verdict === "refused") return [...late, 3, ...framing];
  const taken = key === "bad" || key === "old" || key === "future" ? [3] : [0];
  const codes = key === "empty" ? [0, 3] : taken;
  return verdict === "either" ? [...late, ...codes, 3] : [...late, ...codes];
}

/** What gRPC itself says of a call without a message, or with two (statuscodes.md): UNIMPLEMENTED. */
function framingCodes(what: string): Codes {
  return /^(none|twice|cut|lie)/.test(what) ? [12] : [];
}
