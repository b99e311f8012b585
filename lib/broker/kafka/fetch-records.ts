import type { KafkaMessage } from "kafkajs";
import type { KafkaConnection } from "./kafka-connection.ts";
import { type RawConnection, rawConnection, requestHead } from "./raw-connection.ts";
import { readRecords } from "./record-batch.ts";
import { signIn } from "./sign-in.ts";

/** A stretch of a partition's log, and who has it. */
export interface Stretch {
  /** `host:port` of the partition's leader. */
  readonly leader: string;
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  /** The offset behind the last one that is wanted. */
  readonly to: number;
}

const fetchApi = 1;
/** What one answer may hold: for some offsets less, since what follows them comes along. */
const bytes = { max: 4_194_304, min: 65_536, perOffset: 2_048 };
/** Of so many answers one stretch is made at most. */
const roundsMax = 4;

/** What was read of a stretch. */
export interface FetchedRecords {
  readonly messages: readonly KafkaMessage[];
  /** Where to read on; the stretch's end, or beyond, where all of it was read. */
  readonly next: number;
}

/**
 * Reads a stretch of a log by its offsets, without a group and without leaving anything behind; at most four answers of
 * 4 MiB, or of one larger batch each.
 *
 * @throws Error when the leader refuses, or took over two seconds.
 */
export async function fetchRecords(
  connection: KafkaConnection,
  stretch: Stretch,
): Promise<FetchedRecords> {
  using raw = rawConnection(connection, stretch.leader);
  if (connection.sasl) await signIn(raw, connection, connection.sasl);
  const messages: KafkaMessage[] = [];
  let from = stretch.from;
  for (let round = 0; round < roundsMax && from < stretch.to; round++) {
    const records = readRecords(await fetchFrom(raw, connection, stretch, from));
    // A batch is sent whole, although the offset lies in the middle of it.
    messages.push(...records.messages.filter(({ offset }) => Number(offset) >= from));
    // Nothing is there any more: what was wanted is gone.
    from = records.next ?? stretch.to;
  }
  return { messages: messages.filter(({ offset }) => Number(offset) < stretch.to), next: from };
}

/** A Fetch request, version 4 (https://kafka.apache.org/protocol#The_Messages_Fetch): the oldest that Kafka 4 knows. */
async function fetchFrom(
  raw: RawConnection,
  connection: KafkaConnection,
  { topic, partition, to }: Stretch,
  from: number,
): Promise<Buffer> {
  const bytesMax = Math.min(bytes.max, Math.max(bytes.min, (to - from) * bytes.perOffset));
  const name = Buffer.from(topic);
  const body = Buffer.alloc(17 + 4 + 2 + name.length + 4 + 16);
  let at = body.writeInt32BE(-1, 0); // no replica
  at = body.writeInt32BE(0, at); // what is there is sent at once
  at = body.writeInt32BE(0, at);
  at = body.writeInt32BE(bytesMax, at);
  at = body.writeInt8(0, at);
  at = body.writeInt32BE(1, at); // one topic
  at = body.writeInt16BE(name.length, at);
  at += name.copy(body, at);
  at = body.writeInt32BE(1, at); // one partition
  at = body.writeInt32BE(partition, at);
  at = body.writeBigInt64BE(BigInt(from), at);
  body.writeInt32BE(bytesMax, at);
  const head = requestHead(fetchApi, 4, connection);
  return recordSetOf(await raw.ask(Buffer.concat([head, body])), topic);
}

/** The records in an answer of one topic and one partition. */
function recordSetOf(answer: Buffer, topic: string): Buffer {
  let at = 4 + 4 + 4 + 4; // size, correlation id, throttle time, one topic
  at += 2 + answer.readInt16BE(at) + 4; // its name, one partition
  const code = answer.readInt16BE(at + 4);
  if (code !== 0) throw new Error(`Cannot fetch from ${topic}: current error code is ${code}`);
  at += 4 + 2 + 8 + 8; // number, error, high watermark, last stable offset
  at += 4 + 16 * Math.max(0, answer.readInt32BE(at)); // aborted transactions
  const length = Math.max(0, answer.readInt32BE(at));
  return answer.subarray(at + 4, at + 4 + length);
}
