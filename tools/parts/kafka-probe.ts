import { exchange } from "./exchange.ts";

/** What a broker tells about its cluster. */
export interface KafkaMetadata {
  readonly clusterId: string;
  /** The controller's node id, -1 while there is none. */
  readonly controller: number;
  /** The node ids of the brokers that take part now. */
  readonly brokers: readonly number[];
}

/** Metadata request, version 4, no topics (https://kafka.apache.org/protocol). */
function metadataRequest(): Buffer {
  const request = Buffer.alloc(24);
  request.writeInt32BE(20, 0);
  request.writeInt16BE(3, 4);
  request.writeInt16BE(4, 6);
  request.writeInt32BE(1, 8);
  request.writeInt16BE(5, 12);
  request.write("probe", 14);
  return request;
}

function readMetadata(received: Buffer): KafkaMetadata | undefined {
  if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return undefined;
  let at = 12;
  const int32 = () => {
    at += 4;
    return received.readInt32BE(at - 4);
  };
  const nullableString = () => {
    const length = Math.max(received.readInt16BE(at), 0);
    at += 2 + length;
    return received.toString("utf8", at - length, at);
  };
  const count = int32();
  const brokers = Array.from({ length: count }, () => {
    const id = int32();
    nullableString();
    int32();
    nullableString();
    return id;
  });
  return { clusterId: nullableString(), controller: int32(), brokers };
}

/** Asks the broker on `port` for its cluster's metadata. */
export function kafkaMetadata(port: number): Promise<KafkaMetadata> {
  return exchange({ port, request: metadataRequest(), read: readMetadata });
}
