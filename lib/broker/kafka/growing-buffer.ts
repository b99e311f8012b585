/** Bytes that are written one after the other and may be copied from what was written before. */
export interface GrowingBuffer {
  append(bytes: Uint8Array): void;
  /** Appends `length` bytes that begin `distance` before the end; they may overlap what is being written. */
  repeat(distance: number, length: number): void;
  written(): Buffer;
}

/** What one compressed batch may grow to; Kafka's own limit on a batch is far below. */
const bytesMax = 268_435_456;

/** Makes an empty buffer. */
export function growingBuffer(): GrowingBuffer {
  let bytes = Buffer.allocUnsafe(65_536);
  let end = 0;
  const room = (length: number) => {
    const needed = end + length;
    if (needed > bytesMax) {
      throw new RangeError(
        `Cannot decompress a batch: it is larger than ${bytesMax} bytes: current value is ${needed}`,
      );
    }
    if (needed <= bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, bytes.length * 2));
    bytes.copy(larger, 0, 0, end);
    bytes = larger;
  };
  return {
    append(added) {
      room(added.length);
      bytes.set(added, end);
      end += added.length;
    },
    repeat(distance, length) {
      if (distance < 1 || distance > end) {
        throw new RangeError(
          `Cannot decompress a batch: a copy begins before its start: current distance is ${distance}`,
        );
      }
      room(length);
      if (distance >= length) bytes.copyWithin(end, end - distance, end - distance + length);
      else for (let i = 0; i < length; i++) bytes[end + i] = bytes[end + i - distance] ?? 0;
      end += length;
    },
    written: () => bytes.subarray(0, end),
  };
}
