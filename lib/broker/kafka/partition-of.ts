import { eventIdBytes } from "../../event/event-id.ts";
import type { BrokerMessage } from "../message.ts";

const seed = 0x9747b28c;
const mix = 0x5bd1e995;

/** The 32-bit murmur2 hash of Kafka's own clients (org.apache.kafka.common.utils.Utils.murmur2), signed. */
export function murmur2(data: Uint8Array): number {
  const { length } = data;
  const view = new DataView(data.buffer, data.byteOffset, length);
  let hash = seed ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    let word = Math.imul(view.getInt32(at, true), mix);
    word ^= word >>> 24;
    hash = Math.imul(hash, mix) ^ Math.imul(word, mix);
  }
  const rest = length - at;
  if (rest >= 3) hash ^= view.getUint8(at + 2) << 16;
  if (rest >= 2) hash ^= view.getUint8(at + 1) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ view.getUint8(at), mix);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, mix);
  return hash ^ (hash >>> 15);
}

/**
 * The partition of a message: by its key, as every Kafka client chooses it, else (or where it is to be spread) by its
 * id, so that a repeat of an event goes where its first try went.
 */
export function partitionOf({ key, id, spread }: BrokerMessage, partitions: number): number {
  const data = key === undefined || spread ? eventIdBytes(id) : Buffer.from(key);
  return (murmur2(data) & 0x7fffffff) % partitions;
}
