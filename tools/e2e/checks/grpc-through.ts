import { connect } from "node:net";
import { type DescMethodUnary, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { forwardedMark, idempotencyKey } from "../../../lib/door/idempotency.ts";
import { newEventId } from "../../../lib/event/event-id.ts";
import type { AnyPipeline } from "../../../lib/pipeline/pipeline.ts";
import { boardClient } from "../../../loadtest/board.ts";
import { drained } from "../../../loadtest/settled.ts";
import { pipelines } from "../../../pipelines/all.ts";
import { type GrpcMethod, grpcMethods } from "../chart-under-test.ts";
import type { Check, CheckContext } from "../check.ts";
import { waitFor } from "../wait-for.ts";

const calls = 50;
const callMs = 10_000;
const firstMs = 60_000;
const drainMs = 60_000;

/** Older than doors take an id of a client's. */
const ageMs = 86_400_000;

/**
 * Events by gRPC through the Gateway, each stored under the id of its reply; and who says of an event, by the mark of our own
 * stations, that it was let in already, is not believed.
 */
export const grpcThrough: Check = {
  name: "gRPC through the gateway, stored; no client passes for a station of ours",
  lacks: (chart) => (grpcMethods(chart).length === 0 ? "a route for gRPC" : undefined),
  run: async (context) => {
    const [found] = grpcMethods(context.chart);
    if (found === undefined) throw new Error("Cannot call: the chart has no route for gRPC");
    using caller = callerOf(context, found, methodOf(context, found));
    const ids = [await firstCall(context, caller)];
    const beganMs = performance.now();
    for (let at = 1; at < calls; at += 1) ids.push(await caller.send(at));
    const eachMs = (performance.now() - beganMs) / (calls - 1);
    const board = boardClient(context.ingress, context.chart.mix.pipeline);
    const { signal } = context;
    const { missing } = await drained(board, ids, { limitMs: drainMs, signal });
    if (missing.length > 0) throw new Error(`${missing.length} of ${calls} calls are not stored`);
    await refuseMarked(caller);
    return `${calls} calls of ${found.service}/${found.method} stored, ${eachMs.toFixed(1)} ms each; a forged mark is not believed`;
  },
};

/** Sends events of the chart's mix over one connection. */
interface Caller {
  /** The id under which an event was acknowledged. */
  send(at: number, header?: Readonly<Record<string, string>>): Promise<string>;
  [Symbol.dispose](): void;
}

function callerOf(
  { chart, ingress }: CheckContext,
  { host }: GrpcMethod,
  method: DescMethodUnary,
): Caller {
  // The name is the route's, the address the Gateway's: nobody need have told the name's address to this machine.
  const baseUrl = `${ingress.protocol}//${host}`;
  const sessionManager = new Http2SessionManager(baseUrl, undefined, {
    createConnection: () => connect(Number(ingress.port || 80), ingress.hostname),
  });
  const transport = createGrpcTransport({ baseUrl, sessionManager });
  return {
    async send(at, header = {}) {
      const body = fromJson(method.input, chart.mix.event(at).body as JsonValue);
      const reply = await transport.unary(method, undefined, callMs, header, body);
      const id = reply.header.get(idempotencyKey) ?? reply.trailer.get(idempotencyKey);
      if (id === null) throw new Error(`A call of ${method.name} was answered without an id`);
      return id;
    },
    [Symbol.dispose]: () => sessionManager.abort(),
  };
}

/** A route that was just made is not known everywhere yet. */
function firstCall({ signal }: CheckContext, caller: Caller): Promise<string> {
  return waitFor({
    what: "an answer by gRPC",
    limitMs: firstMs,
    signal,
    look: () => caller.send(0),
  });
}

/** Our own stations may hand on an event of any age. */
async function refuseMarked(caller: Caller): Promise<void> {
  const header = { [forwardedMark]: "1", [idempotencyKey]: newEventId(Date.now() - ageMs) };
  const id = await caller.send(0, header).catch((error: unknown) => {
    if (ConnectError.from(error).code === Code.InvalidArgument) return undefined;
    throw error;
  });
  if (id !== undefined) throw new Error(`A client passed for a station of ours: ${id} was taken`);
}

function methodOf({ chart }: CheckContext, wanted: GrpcMethod): DescMethodUnary {
  const pipeline = pipelines.find(({ name }: AnyPipeline) => name === chart.mix.pipeline);
  const stations = Object.values(pipeline?.stations ?? {});
  const rpcs = stations.flatMap((each) => (each.plays === "relay" ? (each.grpc?.rpcs ?? []) : []));
  const found = rpcs.find(
    ({ method }) => method.parent.typeName === wanted.service && method.name === wanted.method,
  );
  if (found !== undefined) return found.method;
  throw new Error(`Cannot call ${wanted.service}/${wanted.method}: no station answers it`);
}
