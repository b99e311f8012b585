import type { KafkaConnection } from "./kafka-connection.ts";
import { rawConnection, requestHead } from "./raw-connection.ts";
import { signIn } from "./sign-in.ts";

/** What the cluster says about a topic. */
export interface TopicDescription {
  /** The topic's id (KIP-516), in base64url as Kafka's tools print it: a topic made anew has another one. */
  readonly id: string;
  readonly partitions: number;
  /** `host:port` of each partition's leader, by the partition's number; one that has none is left out. */
  readonly leaders: ReadonlyMap<number, string>;
}

const metadataApi = 3;
const unknownTopic = 3;

/**
 * A Metadata request, version 12, for one topic (https://kafka.apache.org/protocol#The_Messages_Metadata). kafkajs
 * ends at version 6, which has no topic ids.
 */
function request(topic: string, connection: KafkaConnection): Buffer {
  const name = Buffer.from(topic);
  return Buffer.concat([
    requestHead(metadataApi, 12, connection),
    Buffer.of(0, 2), // no tagged fields; one topic
    Buffer.alloc(16), // by name, not by id
    unsignedVarint(name.length + 1),
    name,
    Buffer.of(0, 0, 0, 0), // no tagged fields, no creation, no authorized operations, no tagged fields
  ]);
}

function unsignedVarint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 127) | 128);
  }
}

/** Reads the answer; undefined where there is no such topic. */
function readAnswer(answer: Buffer, topic: string): TopicDescription | undefined {
  let at = 4 + 4 + 1 + 4; // size, correlation id, tagged fields, throttle time
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = answer.readUInt8(at++);
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const int32 = () => {
    at += 4;
    return answer.readInt32BE(at - 4);
  };
  const string = () => {
    const length = Math.max(0, varint() - 1);
    at += length;
    return answer.toString("utf8", at - length, at);
  };
  const brokers = new Map<number, string>();
  for (let left = varint() - 1; left > 0; left--) {
    brokers.set(int32(), `${string()}:${int32()}`);
    string(); // its rack
    varint();
  }
  string(); // the cluster's id
  at += 4; // the controller
  varint(); // how many topics: the one asked for
  const code = answer.readInt16BE(at);
  at += 2;
  if (code === unknownTopic) return undefined;
  if (code !== 0) throw new Error(`Cannot describe topic ${topic}: current error code is ${code}`);
  string();
  const id = answer.toString("base64url", at, at + 16);
  at += 16 + 1; // the id, and whether the topic is internal
  const partitions = varint() - 1;
  const leaders = new Map<number, string>();
  for (let left = partitions; left > 0; left--) {
    at += 2; // its error: one that has no leader says so by the leader, -1
    const number = int32();
    const leader = brokers.get(int32());
    if (leader !== undefined) leaders.set(number, leader);
    at += 4; // the leader's epoch
    for (let lists = 3; lists > 0; lists--) {
      const replicas = varint() - 1; // all, those in sync, those offline
      at += 4 * replicas;
    }
    varint();
  }
  return { id, partitions, leaders };
}

/**
 * Asks the first broker that answers about a topic; undefined where there is none of that name.
 *
 * @throws Error when no broker answers, two seconds each.
 */
export async function describeTopic(
  connection: KafkaConnection,
  topic: string,
): Promise<TopicDescription | undefined> {
  const { brokers, sasl } = connection;
  const faults: unknown[] = [];
  for (const broker of brokers) {
    try {
      using raw = rawConnection(connection, broker);
      if (sasl) await signIn(raw, connection, sasl);
      return readAnswer(await raw.ask(request(topic, connection)), topic);
    } catch (error) {
      faults.push(error);
    }
  }
  const why = faults.map((fault) => (fault instanceof Error ? fault.message : String(fault)));
  throw new Error(
    `Cannot describe topic ${topic}: no broker answers: current value is ${brokers}: ${why.join("; ")}`,
    { cause: faults.at(-1) },
  );
}
