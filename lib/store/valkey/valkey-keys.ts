import { parseEventId } from "../../event/event-id.ts";
import { type ClaimResult, type Keys, keyWindowMs } from "../keys.ts";
import { reasonOf } from "../reason-of.ts";
import { replyOfWrite } from "./script.ts";
import { valkeyClient } from "./valkey-client.ts";
import type { ValkeyOptions } from "./valkey-options.ts";

/** How a Valkey is reached and how long it remembers keys. */
export interface ValkeyKeysOptions extends ValkeyOptions {
  /** How long a key is remembered. @default 24 hours */
  readonly windowMs?: number;
}

/** Where the fingerprint begins, behind the id. */
const idLength = 36;

/** The key of no client, for a write that says nothing, and how long it stays. */
const mark = { key: "", ms: 1_000 } as const;

/** Client keys in a Valkey; its memory bounds their number, beyond which they are refused. */
export function valkeyKeys(options: ValkeyKeysOptions): Keys {
  const { windowMs = keyWindowMs } = options;
  const client = valkeyClient(options);
  return {
    async claim(key, id, fingerprint) {
      const mine = id + (fingerprint >>> 0).toString(16).padStart(8, "0");
      try {
        const set = (name: string) => `${client.prefix}tp:key:${name}`;
        const first = await replyOfWrite(client, (redis) =>
          redis.pipeline().set(set(key), mine, "PX", windowMs, "NX", "GET"),
        );
        if (typeof first !== "string") return resultOf(mine, mine);
        // Nothing was written, so there was nothing to wait for; yet whoever claimed it may have been told that replicas lack it.
        if (client.replicas > 0) {
          await replyOfWrite(client, (redis) =>
            redis.pipeline().set(set(mark.key), "", "PX", mark.ms),
          );
        }
        return resultOf(first, mine);
      } catch (error) {
        throw new Error(`Cannot claim a key in ${client.where}: ${reasonOf(error)}`, {
          cause: error,
        });
      }
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

function resultOf(first: string, mine: string): ClaimResult {
  const id = parseEventId(first.slice(0, idLength));
  if (id === undefined) throw new Error(`it is damaged: current value is ${first}`);
  if (first.slice(idLength) === mine.slice(idLength)) return { claimed: true, id };
  return { claimed: false, reason: "other-body" };
}
