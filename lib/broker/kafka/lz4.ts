import { type GrowingBuffer, growingBuffer } from "./growing-buffer.ts";

const magic = 0x184d2204;
const flags = { contentSize: 0x08, blockChecksum: 0x10, dictionary: 0x01 };
const uncompressed = 0x80000000;

/** One block (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md); it may refer to the blocks before it. */
function block(source: Buffer, out: GrowingBuffer): void {
  let at = 0;
  const extended = (nibble: number) => {
    let length = nibble;
    if (nibble < 15) return length;
    for (let byte = 255; byte === 255; length += byte) byte = source.readUInt8(at++);
    return length;
  };
  while (at < source.length) {
    const token = source.readUInt8(at++);
    const literals = extended(token >>> 4);
    out.append(source.subarray(at, at + literals));
    at += literals;
    if (at >= source.length) return;
    const distance = source.readUInt16LE(at);
    at += 2;
    out.repeat(distance, extended(token & 15) + 4);
  }
}

/**
 * Decompresses an LZ4 frame (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md); checksums are not compared,
 * the transport has its own.
 *
 * @throws RangeError where the frame is cut, makes no sense or grows beyond all bounds.
 */
export function lz4Decompress(source: Buffer): Buffer {
  if (source.readUInt32LE(0) !== magic) {
    throw new RangeError("Cannot decompress a batch: it is no LZ4 frame");
  }
  const flag = source.readUInt8(4);
  let at = 6 + (flag & flags.contentSize ? 8 : 0) + (flag & flags.dictionary ? 4 : 0) + 1;
  const out = growingBuffer();
  for (let size = source.readUInt32LE(at); size !== 0; size = source.readUInt32LE(at)) {
    const length = size & 0x7fffffff;
    const data = source.subarray(at + 4, at + 4 + length);
    if (data.length < length) throw new RangeError("Cannot decompress a batch: it is cut");
    if (size >= uncompressed) out.append(data);
    else block(data, out);
    at += 4 + length + (flag & flags.blockChecksum ? 4 : 0);
  }
  return out.written();
}
