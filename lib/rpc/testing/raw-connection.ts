import { connect } from "node:net";

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** Types of HTTP/2 frames (RFC 9113, section 6). */
export const frames = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags of HTTP/2 frames. */
export const flags = { none: 0, ack: 1, endStream: 1, endHeaders: 4 } as const;

/** One HTTP/2 frame, as it stands on the wire. */
export function h2Frame(
  type: number,
  flag: number,
  stream: number,
  payload: Uint8Array = new Uint8Array(),
): Uint8Array {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flag, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

/** A header field in HPACK, literal and without compression (RFC 7541, section 6.2.2). */
export function h2Field(name: string, value: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(0), text(name), text(value)]);
}

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value);
  if (bytes.length < 127) return Buffer.concat([Uint8Array.of(bytes.length), bytes]);
  const length = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
  return Buffer.concat([Uint8Array.from([...length, rest]), bytes]);
}

/** A TCP connection that says what it is told to and counts what comes back. */
export function rawConnection(port: number, start: string = preface) {
  const socket = connect(port, "127.0.0.1");
  const got: string[] = [];
  let closed = false;
  let rest = Buffer.alloc(0);
  socket.on("data", (data) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const end = 9 + rest.readUIntBE(0, 3);
      got.push(named(rest.subarray(0, end)));
      rest = rest.subarray(end);
    }
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    closed = true;
  });
  socket.write(start);
  if (start === preface) socket.write(h2Frame(frames.settings, flags.none, 0));
  return {
    /** Sends frames; what a closed connection would have to send is dropped. */
    send: (all: readonly Uint8Array[]) => {
      if (!closed) socket.write(Buffer.concat(all));
    },
    /** What came back: the frames by name, with the error code of those that have one, such as `goAway 11`. */
    got: got as readonly string[],
    closed: () => closed,
    [Symbol.dispose]: () => socket.destroy(),
  };
}

function named(frame: Buffer): string {
  const type = frame.readUInt8(3);
  const name = Object.entries(frames).find(([, value]) => value === type)?.[0] ?? `${type}`;
  if (type === frames.goAway) return `${name} ${frame.readUInt32BE(13)}`;
  return type === frames.reset ? `${name} ${frame.readUInt32BE(9)}` : name;
}
