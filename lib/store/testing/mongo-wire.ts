import { connect, type Socket } from "node:net";
import { BSON, type Document } from "mongodb";
import { tcpServer } from "../../testing/tcp-server.ts";

const opMsg = 2_013;
const headerBytes = 16;

/** What the wire does with a command: hands it on, keeps silent for ever, or answers it itself. */
type WireAnswer = "server" | "silence" | Document;

/** A wire to a MongoDB that hears every command and can answer some of them itself. */
export interface MongoWire extends AsyncDisposable {
  /** `mongodb://host:port`. */
  readonly url: string;
  /** How many connections were made. */
  readonly connections: number;
  /** What the wire does with commands, by their names; those that are not named go to the server. */
  readonly answers: Map<string, WireAnswer | ((command: Document) => WireAnswer)>;
  /** The commands of this name that came, with their documents. */
  heard(name: string): readonly Document[];
}

/** Lays a wire to the server at `url`. */
export async function mongoWire(url: string): Promise<MongoWire> {
  const { hostname, port } = new URL(url);
  const commands: Document[] = [];
  const answers: MongoWire["answers"] = new Map();
  let connections = 0;
  const server = await tcpServer((client) => {
    connections += 1;
    const upstream = connect({ host: hostname, port: Number(port) });
    upstream.pipe(client);
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
    onMessages(client, (message) => {
      const command = commandOf(message);
      if (command !== undefined) commands.push(command);
      const given = answers.get(nameOf(command)) ?? "server";
      const answer = typeof given === "function" ? given(command ?? {}) : given;
      if (answer === "server") upstream.write(message);
      else if (answer !== "silence") client.write(replyTo(message, answer));
    });
  });
  return {
    url: `mongodb://${server.address}`,
    get connections() {
      return connections;
    },
    answers,
    heard: (name) => commands.filter((command) => nameOf(command) === name),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function nameOf(command: Document | undefined): string {
  return Object.keys(command ?? {})[0] ?? "";
}

/** Calls with each whole message, whatever pieces it comes in. */
function onMessages(socket: Socket, take: (message: Buffer) => void): void {
  let received: Buffer = Buffer.alloc(0);
  socket.on("data", (data) => {
    received = Buffer.concat([received, data]);
    while (received.length >= headerBytes && received.length >= received.readInt32LE(0)) {
      const bytes = received.readInt32LE(0);
      take(received.subarray(0, bytes));
      received = received.subarray(bytes);
    }
  });
}

/** The command of an OP_MSG, the sequences of documents that came beside it put into it. */
function commandOf(message: Buffer): Document | undefined {
  if (message.readInt32LE(12) !== opMsg) return undefined;
  let command: Document = {};
  for (let at = headerBytes + 4; at < message.length; ) {
    const kind = message[at];
    const bytes = message.readInt32LE(at + 1);
    const section = message.subarray(at + 1, at + 1 + bytes);
    if (kind === 0) command = { ...BSON.deserialize(section), ...command };
    else command = { ...command, ...sequenceOf(section) };
    at += 1 + bytes;
  }
  return command;
}

function sequenceOf(section: Buffer): Document {
  const end = section.indexOf(0, 4);
  const documents: Document[] = [];
  for (let at = end + 1; at < section.length; ) {
    const bytes = section.readInt32LE(at);
    documents.push(BSON.deserialize(section.subarray(at, at + bytes)));
    at += bytes;
  }
  return { [section.toString("utf8", 4, end)]: documents };
}

function replyTo(message: Buffer, document: Document): Buffer {
  const body = BSON.serialize(document);
  const reply = Buffer.alloc(headerBytes + 5 + body.length);
  reply.writeInt32LE(reply.length, 0);
  reply.writeInt32LE(message.readInt32LE(4), 8);
  reply.writeInt32LE(opMsg, 12);
  reply.set(body, headerBytes + 5);
  return reply;
}
