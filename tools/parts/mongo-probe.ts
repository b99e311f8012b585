import { exchange } from "./exchange.ts";

const opMsg = 2_013;

/** `{ isMaster: 1, $db: "admin" }` as OP_MSG (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol). */
function isMaster(): Buffer {
  const fields = "\x10isMaster\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0";
  const request = Buffer.alloc(25 + fields.length);
  request.writeInt32LE(request.length, 0);
  request.writeInt32LE(1, 4);
  request.writeInt32LE(opMsg, 12);
  request.writeInt32LE(4 + fields.length, 21);
  request.write(fields, 25, "latin1");
  return request;
}

/** Says whether a server on `port` answers MongoDB's protocol. */
export function mongoAnswers(port: number): Promise<boolean> {
  return exchange({
    port,
    request: isMaster(),
    read: (received) =>
      received.length < 16
        ? undefined
        : received.readInt32LE(12) === opMsg && received.readInt32LE(8) === 1,
  });
}
