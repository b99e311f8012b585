import { Code, createContextKey, createContextValues } from "@connectrpc/connect";
import { apiKeyHeader } from "../auth/presented-key.ts";
import type { Gate, Refused } from "../rpc/gate.ts";
import { retryPushback } from "../rpc/metadata.ts";
import type { DoorOptions } from "./door-options.ts";
import type { Failure } from "./failure.ts";
import { forwardedMark, idempotencyKey, provisionalId } from "./idempotency.ts";
import { retryAfterMs } from "./problem.ts";

/** What of a door decides who is let in. */
type GatedDoor = Pick<
  DoorOptions,
  "pipeline" | "station" | "admission" | "authentication" | "isBehind"
>;

/** The client whom the gate found to send a call; undefined where it asked for none. */
export const callingClient = createContextKey<string | undefined>(undefined);

/**
 * Refuses calls of the doors' methods by who may not send events, and those for which there is no room, before their messages
 * are read. All other methods, health and reflection among them, are let in.
 */
export function grpcGate(doors: readonly GatedDoor[]): Gate {
  const gated = new Map(
    doors.flatMap((door) =>
      (door.station.grpc?.rpcs ?? []).map(({ method }) => {
        const path = `/${method.parent.typeName}/${method.name}`;
        return [path, { ...door, label: `${door.pipeline.name} ${path}` }] as const;
      }),
    ),
  );
  return (path, { headers, socket }) => {
    const door = gated.get(path);
    if (door === undefined) return undefined;
    const sender = door.authentication?.admit({
      authorization: headers.authorization,
      apiKey: headers[apiKeyHeader],
      door: door.label,
      remote: () => socket.remoteAddress,
    });
    if (sender !== undefined && "kind" in sender) return refused(sender, headers[idempotencyKey]);
    const forwarded = door.isBehind === true && headers[forwardedMark] === "1";
    const noRoom = door.admission?.refuse(forwarded);
    if (noRoom !== undefined) return refused(noRoom, headers[idempotencyKey]);
    return sender && createContextValues().set(callingClient, sender.client);
  };
}

function refused(
  { kind, detail: message }: Failure<"overloaded" | "unauthenticated">,
  key: string | string[] | undefined,
): Refused {
  const id = provisionalId(typeof key === "string" ? key : null);
  const metadata = { [idempotencyKey]: id };
  if (kind === "unauthenticated") return { code: Code.Unauthenticated, message, metadata };
  return {
    code: Code.ResourceExhausted,
    message,
    metadata: { ...metadata, [retryPushback]: `${retryAfterMs}` },
  };
}
