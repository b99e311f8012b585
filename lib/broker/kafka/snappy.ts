import { type GrowingBuffer, growingBuffer } from "./growing-buffer.ts";

/** The frame that Java's clients put around snappy blocks: this, two version numbers, then blocks with their lengths. */
const javaMagic = Buffer.from("\x82SNAPPY\0", "latin1");

/** One block (https://github.com/google/snappy/blob/main/format_description.txt). */
function block(source: Buffer, out: GrowingBuffer): void {
  let at = 0;
  while (source.readUInt8(at++) >= 128); // the length of the result, which shows by itself
  while (at < source.length) {
    const tag = source.readUInt8(at++);
    const kind = tag & 3;
    if (kind === 0) {
      let length = tag >>> 2;
      if (length >= 60) {
        const bytes = length - 59;
        length = source.readUIntLE(at, bytes);
        at += bytes;
      }
      out.append(source.subarray(at, at + length + 1));
      at += length + 1;
    } else if (kind === 1) {
      out.repeat(((tag >>> 5) << 8) | source.readUInt8(at), ((tag >>> 2) & 7) + 4);
      at += 1;
    } else {
      const bytes = kind === 2 ? 2 : 4;
      out.repeat(source.readUIntLE(at, bytes), (tag >>> 2) + 1);
      at += bytes;
    }
  }
}

/**
 * Decompresses snappy, bare or in the frame of Java's clients.
 *
 * @throws RangeError where it is cut, makes no sense or grows beyond all bounds.
 */
export function snappyDecompress(source: Buffer): Buffer {
  const out = growingBuffer();
  if (!source.subarray(0, javaMagic.length).equals(javaMagic)) {
    block(source, out);
    return out.written();
  }
  for (let at = 16; at < source.length; ) {
    const length = source.readInt32BE(at);
    block(source.subarray(at + 4, at + 4 + length), out);
    at += 4 + length;
  }
  return out.written();
}
