import type { BrokerMessage } from "./message.ts";

/** What a broker adds to each message at most: framing, the id, a checksum. */
const overheadBytes = 128;

/** A message's size on a broker, never less than it is: characters count as the four bytes that they may take. */
export function messageBytes({ body, headers, key }: BrokerMessage): number {
  let chars = key?.length ?? 0;
  for (const name in headers) chars += name.length + (headers[name]?.length ?? 0);
  return overheadBytes + body.byteLength + chars * 4;
}
