import { create, type DescMethodUnary } from "@bufbuild/protobuf";
import { violationsToProto } from "@bufbuild/protovalidate";
import { Code, ConnectError, type ConnectRouter, type MethodImpl } from "@connectrpc/connect";
import type { EventId } from "../event/event-id.ts";
import type { RpcDoor } from "../pipeline/station.ts";
import { codeOf } from "../rpc/codes.ts";
import { formatLanes, laneOutcomes, retryPushback } from "../rpc/metadata.ts";
import { allowedMs } from "./allowed-time.ts";
import type { DoorOptions } from "./door-options.ts";
import type { Failure, FailureKind } from "./failure.ts";
import { callingClient } from "./grpc-gate.ts";
import { forwardedMark, idempotencyKey, provisionalId } from "./idempotency.ts";
import { createIntake, type Intake, type Taken } from "./intake.ts";
import { policyIn, prefer, tellApplied } from "./preference.ts";
import { retryAfterMs } from "./problem.ts";
import { faultOf, violationsOf } from "./rules.ts";

/** A station's RPCs, to be added to the router of a gRPC server, several stations in one where their methods differ. */
export function grpcRoutes(options: DoorOptions): (router: ConnectRouter) => void {
  const { pipeline, station } = options;
  const intake = createIntake({ ...options, schema: pipeline.message });
  const deadlineMs = options.deadlineMs ?? station.deadlineMs;
  const { preferPolicy = false, isBehind = false, authentication } = options;
  const needsClient = authentication !== undefined;
  const doors = station.grpc?.rpcs ?? [];
  for (const { method } of doors) {
    if (method.input.typeName === pipeline.message.typeName) continue;
    throw new Error(
      `Cannot serve ${method.parent.typeName}.${method.name}: it must take ${pipeline.message.typeName}: current value is ${method.input.typeName}`,
    );
  }
  return (router) => {
    for (const door of doors) {
      const handler = { intake, deadlineMs, preferPolicy, isBehind, needsClient };
      router.rpc(door.method, rpcHandler(door, handler));
    }
  };
}

interface HandlerOptions {
  readonly intake: Intake;
  readonly deadlineMs: number;
  readonly preferPolicy: boolean;
  readonly isBehind: boolean;
  /** Whether only calls are taken whose client the gate has found. */
  readonly needsClient: boolean;
}

function rpcHandler(
  door: RpcDoor,
  { intake, deadlineMs, preferPolicy, isBehind, needsClient }: HandlerOptions,
): MethodImpl<DescMethodUnary> {
  const { method } = door;
  const reply = create(method.output, { ...door.reply });
  return async (message, context) => {
    const key = context.requestHeader.get(idempotencyKey);
    const client = context.values.get(callingClient);
    if (needsClient && client === undefined) {
      // Only where a server has no gate, or another than ours.
      throw withId(
        new ConnectError("nobody was found to send this", Code.Unauthenticated),
        provisionalId(key),
      );
    }
    const violations = violationsOf(method.input, message);
    if (violations.length > 0) {
      const [value, desc] = violationsToProto([...violations]);
      const text = violations.map(faultOf).map((each) => `${each.field} ${each.message}`);
      const error = new ConnectError(text.join("; "), Code.InvalidArgument);
      error.details.push({ desc, value });
      throw withId(error, provisionalId(key));
    }
    const { id, failure, applied }: Taken = await intake
      .take({
        key,
        client,
        forwarded: isBehind && context.requestHeader.get(forwardedMark) === "1",
        message,
        deadlineAtMs: intake.clock() + allowedMs(context.timeoutMs(), deadlineMs),
        policy: preferPolicy ? policyIn(context.requestHeader.get(prefer)) : undefined,
      })
      .catch((error: unknown) => intake.unforeseen(key, error));
    if (failure !== undefined) {
      const error = withId(errorOf(failure, door.errorPrefix), id);
      if (applied !== undefined) tellApplied(error.metadata, applied);
      throw error;
    }
    if (applied !== undefined) tellApplied(context.responseHeader, applied);
    context.responseHeader.set(idempotencyKey, id);
    return reply;
  };
}

function withId(error: ConnectError, id: EventId): ConnectError {
  error.metadata.set(idempotencyKey, id);
  return error;
}

function errorOf({ kind, detail, lanes }: Failure, prefix: string | undefined): ConnectError {
  const { code, ours } = statuses[kind];
  const text = ours || prefix === undefined ? detail : `${prefix}: ${detail}`;
  const error = new ConnectError(text, code);
  if (kind === "overloaded") error.metadata.set(retryPushback, `${retryAfterMs}`);
  if (lanes !== undefined) error.metadata.set(laneOutcomes, formatLanes(lanes));
  return error;
}

/** The status of each failure, and whether it arose at this door and not further on. */
const statuses: Readonly<Record<FailureKind, { readonly code: Code; readonly ours: boolean }>> = {
  fields: { code: Code.InvalidArgument, ours: true },
  "bad-key": { code: Code.InvalidArgument, ours: true },
  "stale-key": { code: Code.InvalidArgument, ours: true },
  unauthenticated: { code: Code.Unauthenticated, ours: true },
  "no-keys": { code: Code.Unavailable, ours: true },
  internal: { code: Code.Internal, ours: true },
  invalid: { code: codeOf("invalid"), ours: false },
  conflict: { code: codeOf("conflict"), ours: false },
  overloaded: { code: codeOf("overloaded"), ours: false },
  unavailable: { code: codeOf("unavailable"), ours: false },
  deadline: { code: codeOf("deadline"), ours: false },
};
