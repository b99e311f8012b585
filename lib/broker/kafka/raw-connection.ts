import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { clientIdOf, type KafkaConnection } from "./kafka-connection.ts";

/** A connection to one broker, for requests that kafkajs does not know; one request at a time. */
export interface RawConnection extends Disposable {
  /**
   * Sends a request, whole but for its length, and resolves with the answer, length and all.
   *
   * @throws Error when the connection breaks, or the answer took over two seconds.
   */
  ask(request: Buffer): Promise<Buffer>;
}

const answerTimeoutMs = 2_000;
const answerBytesMax = 16_777_216;

/** The head of a request of this API and version. */
export function requestHead(api: number, version: number, connection: KafkaConnection): Buffer {
  const client = Buffer.from(clientIdOf(connection));
  const head = Buffer.alloc(10);
  head.writeInt16BE(api, 0);
  head.writeInt16BE(version, 2);
  head.writeInt32BE(1, 4); // the correlation id
  head.writeInt16BE(client.length, 8);
  return Buffer.concat([head, client]);
}

/** Opens a connection to a broker, `host:port`, encrypted where `connection` says so. */
export function rawConnection({ tls }: KafkaConnection, broker: string): RawConnection {
  const socket = openSocket(tls, broker);
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  socket.on("error", broken.reject);
  socket.on("close", () => broken.reject(new Error("it closed the connection")));
  return {
    async ask(request) {
      const timer = setTimeout(
        () => broken.reject(new Error("it did not answer in time")),
        answerTimeoutMs,
      );
      const answer = nextAnswer(socket);
      const length = Buffer.alloc(4);
      length.writeInt32BE(request.length);
      socket.write(Buffer.concat([length, request]));
      try {
        return await Promise.race([answer, broken.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
    [Symbol.dispose]() {
      socket.destroy();
    },
  };
}

function openSocket(tls: KafkaConnection["tls"], broker: string): Socket {
  const colon = broker.lastIndexOf(":");
  const [host, port] = [broker.slice(0, colon), Number(broker.slice(colon + 1))];
  if (!tls) return connectPlain({ host, port });
  const { ca } = tls;
  return connectTls({
    host,
    port,
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca: [ca] }),
  });
}

function nextAnswer(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let received = 0;
    let length: number | undefined;
    const onData = (data: Buffer) => {
      chunks.push(data);
      received += data.length;
      if (length === undefined && received >= 4) {
        chunks = [Buffer.concat(chunks)];
        length = 4 + (chunks[0]?.readInt32BE(0) ?? 0);
        if (length > answerBytesMax) reject(new Error("its answer is too long"));
      }
      if (length === undefined || received < length) return;
      socket.off("data", onData);
      resolve(Buffer.concat(chunks));
    };
    socket.on("data", onData);
  });
}
