import { connect, type Socket } from "node:net";
import { clientIdOf, type KafkaConnection } from "./kafka-connection.ts";

/** What the cluster says about a topic. */
export interface TopicDescription {
  /** The topic's id (KIP-516), in base64url as Kafka's tools print it: a topic made anew has another one. */
  readonly id: string;
  readonly partitions: number;
}

const answerTimeoutMs = 2_000;
const answerBytesMax = 16_777_216;
const unknownTopic = 3;

/**
 * A Metadata request, version 12, for one topic (https://kafka.apache.org/protocol#The_Messages_Metadata). kafkajs
 * ends at version 6, which has no topic ids.
 */
function request(topic: string, clientId: string): Buffer {
  const name = Buffer.from(topic);
  const client = Buffer.from(clientId);
  const head = Buffer.alloc(14);
  head.writeInt16BE(3, 4); // the API: metadata
  head.writeInt16BE(12, 6); // its version
  head.writeInt32BE(1, 8); // the correlation id
  head.writeInt16BE(client.length, 12);
  const body = Buffer.concat([
    head,
    client,
    Buffer.of(0, 2), // no tagged fields; one topic
    Buffer.alloc(16), // by name, not by id
    unsignedVarint(name.length + 1),
    name,
    Buffer.of(0, 0, 0, 0), // no tagged fields, no creation, no authorized operations, no tagged fields
  ]);
  body.writeInt32BE(body.length - 4, 0);
  return body;
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
  const skipString = () => {
    const length = varint() - 1;
    at += Math.max(0, length);
  };
  for (let brokers = varint() - 1; brokers > 0; brokers--) {
    at += 4;
    skipString();
    at += 4;
    skipString();
    varint();
  }
  skipString(); // the cluster's id
  at += 4; // the controller
  varint(); // how many topics: the one asked for
  const code = answer.readInt16BE(at);
  at += 2;
  if (code === unknownTopic) return undefined;
  if (code !== 0) throw new Error(`Cannot describe topic ${topic}: current error code is ${code}`);
  skipString();
  const id = answer.toString("base64url", at, at + 16);
  at += 16 + 1; // the id, and whether the topic is internal
  return { id, partitions: varint() - 1 };
}

function exchange(open: () => Socket, sent: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = open();
    const end = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => end(new Error("it did not answer in time")), answerTimeoutMs);
    let received: Buffer = Buffer.alloc(0);
    socket.on("error", end);
    socket.on("close", () => end(new Error("it closed the connection")));
    socket.on("data", (data: Buffer) => {
      received = Buffer.concat([received, data]);
      if (received.length > answerBytesMax) end(new Error("its answer is too long"));
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      resolve(received);
      socket.destroy();
    });
    socket.write(sent);
  });
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
  const { brokers, socketFactory } = connection;
  const sent = request(topic, clientIdOf(connection));
  const faults: unknown[] = [];
  for (const broker of brokers) {
    const colon = broker.lastIndexOf(":");
    const [host, port] = [broker.slice(0, colon), Number(broker.slice(colon + 1))];
    try {
      const open = () =>
        socketFactory?.({ host, port, ssl: {}, onConnect: () => {} }) ?? connect({ host, port });
      return readAnswer(await exchange(open, sent), topic);
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
