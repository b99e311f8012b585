import type { KafkaMessage } from "kafkajs";
import { decompressors } from "./codecs.ts";

/** The bytes of a batch before its records, from its base offset on (https://kafka.apache.org/documentation/#recordbatch). */
const headBytes = 61;
const controlFlag = 0x20;

/** What a record set holds. */
export interface ReadRecords {
  readonly messages: readonly KafkaMessage[];
  /** The offset behind the last whole batch; undefined where there is none. */
  readonly next: number | undefined;
}

/**
 * Reads the whole batches of a record set, as brokers of Kafka 4 send it; markers of transactions are left out.
 *
 * @throws RangeError where a batch makes no sense.
 */
export function readRecords(set: Buffer): ReadRecords {
  const messages: KafkaMessage[] = [];
  let next: number | undefined;
  for (let at = 0; at + headBytes <= set.length; ) {
    const end = at + 12 + set.readInt32BE(at + 8);
    if (end > set.length) break;
    const batch = set.subarray(at, end);
    const attributes = batch.readInt16BE(21);
    if ((attributes & controlFlag) === 0) messages.push(...readBatch(batch, attributes));
    next = Number(batch.readBigInt64BE(0)) + batch.readInt32BE(23) + 1;
    at = end;
  }
  return { messages, next };
}

function readBatch(batch: Buffer, attributes: number): readonly KafkaMessage[] {
  const decompress = decompressors[attributes & 7];
  if (decompress === undefined) {
    throw new RangeError(
      `Cannot read a batch: its codec is unknown: current value is ${attributes & 7}`,
    );
  }
  const read = cursor(decompress(batch.subarray(headBytes)));
  const baseOffset = Number(batch.readBigInt64BE(0));
  const baseTime = Number(batch.readBigInt64BE(27));
  const count = batch.readInt32BE(57);
  return Array.from({ length: count }, () => {
    read.varint(); // the record's length
    read.bytes(1); // its attributes, of which there are none
    const timestamp = baseTime + read.varint();
    const offset = baseOffset + read.varint();
    const key = read.field();
    const value = read.field();
    const headers = Array.from({ length: read.varint() }, () => [
      read.field()?.toString() ?? "",
      read.field() ?? undefined,
    ]);
    return {
      key,
      value,
      headers: Object.fromEntries(headers),
      timestamp: `${timestamp}`,
      offset: `${offset}`,
      attributes,
    };
  });
}

function cursor(source: Buffer) {
  let at = 0;
  const bytes = (length: number): Buffer => {
    if (length < 0 || at + length > source.length) {
      throw new RangeError("Cannot read a batch: a record ends beyond it");
    }
    at += length;
    return source.subarray(at - length, at);
  };
  /** Numbers above 2^53 would lose their last digits; times and differences of offsets are far below. */
  const varint = (): number => {
    let value = 0;
    for (let unit = 1; unit <= 2 ** 63; unit *= 128) {
      const byte = source[at++];
      if (byte === undefined) throw new RangeError("Cannot read a batch: a record ends beyond it");
      value += (byte & 127) * unit;
      // Zigzag: even numbers stand for what is not negative.
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw new RangeError("Cannot read a batch: a number does not end");
  };
  return {
    bytes,
    varint,
    /** Bytes behind their length; null where that is negative. */
    field: (): Buffer | null => {
      const length = varint();
      return length < 0 ? null : bytes(length);
    },
  };
}
