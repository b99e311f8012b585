import { type DescMessage, type MessageShape, toBinary } from "@bufbuild/protobuf";

/**
 * 32 bits that tell one payload from another under the same id: the CRC-32 (ISO 3309) of the message's protobuf
 * encoding without unknown fields. It catches mistakes, not attacks: two payloads agree by chance once in 2^32.
 */
export function fingerprint<D extends DescMessage>(schema: D, message: MessageShape<D>): number {
  return Bun.hash.crc32(toBinary(schema, message, { writeUnknownFields: false }));
}
