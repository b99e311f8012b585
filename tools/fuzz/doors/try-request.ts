import type { GrpcRequest } from "../generate/grpc-request.ts";
import type { HttpRequest } from "../generate/http-request.ts";
import { isId, keyText } from "../generate/keys.ts";
import type { FieldForm } from "../model/field-form.ts";
import { type Codes, grpcCodes, httpCodes } from "./expected.ts";
import type { Door } from "./find-doors.ts";
import type { GrpcCaller } from "./grpc-caller.ts";
import { httpBytes } from "./http-bytes.ts";
import type { HttpConnection } from "./http-connection.ts";
import type { Reply } from "./reply.ts";

/** One thing that was sent, what came back, and what is wrong with that. */
export interface Tried {
  readonly key: string | undefined;
  readonly reply: Reply;
  readonly faults: readonly string[];
  readonly sent: Uint8Array;
}

/** Sends requests to one door, and judges the replies. */
export interface Trier<R> extends Disposable {
  /** Sends it; with a key, under that one instead of its own. */
  first(request: R): Promise<Tried>;
  /** Sends once more, under a key that has had its event: the same, or another body. */
  again(request: R, key: string, body: "same" | "other"): Promise<Tried>;
}

/** Judges what an HTTP route answers. */
export function httpTrier(
  door: Door,
  forms: readonly FieldForm[],
  connection: HttpConnection,
  other: Uint8Array,
): Trier<HttpRequest> {
  const send = async (
    request: HttpRequest,
    key: string | undefined,
    codes: Codes,
  ): Promise<Tried> => {
    const sent = httpBytes(door, request, key);
    const reply = await connection.ask(sent, request.method === "HEAD");
    // OPTIONS answers about the resource, and a HEAD has no body.
    const hasId = request.method !== "OPTIONS";
    return { key, reply, sent, faults: faultsOf(reply, codes, key, hasId) };
  };
  return {
    first: (request) =>
      send(request, keyText(request.key, request.nonce), httpCodes(door, forms, request)),
    again: (request, key, body) => {
      const same = { ...request, isHurried: false };
      return body === "same"
        ? send(same, key, [door.success])
        : send({ ...same, body: other }, key, [422]);
    },
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}

/** Judges what a method answers. */
export function grpcTrier(
  door: Door,
  caller: GrpcCaller,
  other: readonly Uint8Array[],
): Trier<GrpcRequest> {
  const send = async (
    request: GrpcRequest,
    key: string | undefined,
    codes: Codes,
  ): Promise<Tried> => {
    const reply = await caller.call(door, request, key);
    const sent = Buffer.concat([...request.chunks]);
    const hasId = reply.code === 0;
    return { key, reply, sent, faults: faultsOf(reply, codes, key, hasId) };
  };
  return {
    first: (request) =>
      send(request, keyText(request.key, request.nonce), grpcCodes(door, request)),
    again: (request, key, body) => {
      const same = { ...request, isHurried: false };
      return body === "same"
        ? send(same, key, [0])
        : send({ ...same, chunks: other, headers: [] }, key, [3, 6]);
    },
    [Symbol.dispose]: () => caller[Symbol.dispose](),
  };
}

function faultsOf(
  { code, id, said }: Reply,
  codes: Codes,
  key: string | undefined,
  hasId: boolean,
): readonly string[] {
  const what = code === undefined ? `no reply (${said})` : `${code} (${said.slice(0, 200)})`;
  if (code === undefined || !codes.includes(code)) {
    return [`answered ${what}, expected ${codes.join(" or ")}`];
  }
  if (!hasId) return [];
  if (id === undefined || !isId(id)) return [`${what}: the reply has no id: ${id}`];
  const own = key !== undefined && isId(key) ? key.toLowerCase() : undefined;
  return own !== undefined && own !== id ? [`${what}: the id is ${id} and not the key ${own}`] : [];
}
