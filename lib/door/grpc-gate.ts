import { Code } from "@connectrpc/connect";
import type { Gate, Refused } from "../rpc/gate.ts";
import { retryPushback } from "../rpc/metadata.ts";
import type { DoorOptions } from "./door-options.ts";
import { forwardedMark, idempotencyKey, provisionalId } from "./idempotency.ts";
import { retryAfterMs } from "./problem.ts";

/** What of a door decides who is let in. */
type GatedDoor = Pick<DoorOptions, "station" | "admission" | "isBehind">;

/**
 * Refuses calls of the doors' methods for which there is no room, before their messages are read. All other methods,
 * health and reflection among them, are let in.
 */
export function grpcGate(doors: readonly GatedDoor[]): Gate {
  const gated = new Map<string, GatedDoor>(
    doors.flatMap((door) =>
      (door.station.grpc?.rpcs ?? []).map(
        ({ method }) => [`/${method.parent.typeName}/${method.name}`, door] as const,
      ),
    ),
  );
  return (path, headers) => {
    const door = gated.get(path);
    if (door?.admission === undefined) return undefined;
    const noRoom = door.admission.refuse(door.isBehind === true && headers[forwardedMark] === "1");
    return noRoom && refused(noRoom.detail, headers[idempotencyKey]);
  };
}

function refused(message: string, key: string | string[] | undefined): Refused {
  const metadata = {
    [idempotencyKey]: provisionalId(typeof key === "string" ? key : null),
    [retryPushback]: `${retryAfterMs}`,
  };
  return { code: Code.ResourceExhausted, message, metadata };
}
