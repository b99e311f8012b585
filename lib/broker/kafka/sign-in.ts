import type { KafkaConnection, KafkaLogin } from "./kafka-connection.ts";
import { type RawConnection, requestHead } from "./raw-connection.ts";
import { scram } from "./scram.ts";

const handshakeApi = 17;
const authenticateApi = 36;

/**
 * Signs in on a connection (https://kafka.apache.org/protocol#sasl_handshake).
 *
 * @throws Error with the broker's words when it refuses.
 */
export async function signIn(
  raw: RawConnection,
  connection: KafkaConnection,
  { mechanism, username, password }: KafkaLogin,
): Promise<void> {
  const handshake = requestHead(handshakeApi, 1, connection);
  const refused = codeOf(await raw.ask(Buffer.concat([handshake, short(mechanism.toUpperCase())])));
  if (refused !== 0) throw new Error(`it refuses ${mechanism}: current error code is ${refused}`);
  const say = async (message: string) => {
    const head = requestHead(authenticateApi, 0, connection);
    return wordsOf(await raw.ask(Buffer.concat([head, long(message)])));
  };
  if (mechanism === "plain") {
    await say(`\0${username}\0${password}`);
    return;
  }
  const talk = scram(mechanism === "scram-sha-256" ? "sha256" : "sha512", username, password);
  talk.end(await say(talk.answer(await say(talk.begin))));
}

/** Where an answer's body begins: behind its length and the correlation id. */
const bodyAt = 8;

const codeOf = (answer: Buffer) => answer.readInt16BE(bodyAt);

/** What the other side says; it says no with a code and a reason. */
function wordsOf(answer: Buffer): string {
  const code = codeOf(answer);
  const reasonLength = Math.max(0, answer.readInt16BE(bodyAt + 2));
  const wordsAt = bodyAt + 4 + reasonLength;
  if (code !== 0) {
    throw new Error(`it refuses the login: ${answer.toString("utf8", bodyAt + 4, wordsAt)}`);
  }
  return answer.toString("utf8", wordsAt + 4, wordsAt + 4 + answer.readInt32BE(wordsAt));
}

function short(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeInt16BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}

function long(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}
