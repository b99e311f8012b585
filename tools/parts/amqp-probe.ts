import { exchange } from "./exchange.ts";

const methodFrame = 1;
const connectionStart = 0x000a_000a;
const namesRequest = Buffer.from([0, 1, 110]);

/** Says whether an AMQP 0-9-1 broker on `port` answers the protocol header with Connection.Start. */
export function amqpAnswers(port: number): Promise<boolean> {
  return exchange({
    port,
    request: Buffer.from("AMQP\x00\x00\x09\x01", "latin1"),
    read: (received) =>
      received.length < 11
        ? undefined
        : received[0] === methodFrame && received.readUInt32BE(7) === connectionStart,
  });
}

/** Says whether Erlang's port mapper answers on `port`. */
export function epmdAnswers(port: number): Promise<boolean> {
  return exchange({
    port,
    request: namesRequest,
    read: (received) => (received.length < 4 ? undefined : received.readUInt32BE(0) === port),
  });
}
