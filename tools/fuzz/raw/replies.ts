/** A reply in what came back over HTTP/1.1. */
export interface RawReply {
  readonly status: number;
  /** The event's id, where it is told. */
  readonly id: string | undefined;
  /** What follows its head, as far as the next reply. */
  readonly said: string;
}

const statusLine = /HTTP\/1\.1 (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)/g;

/** The replies in bytes of HTTP/1.1, one after another. */
export function repliesIn(got: Uint8Array): readonly RawReply[] {
  const text = Buffer.from(got).toString("latin1");
  return [...text.matchAll(statusLine)].map(({ 0: all, 1: status, 2: head = "", index }) => ({
    status: Number(status),
    id: /^idempotency-key: *(\S+)\r$/im.exec(head)?.[1],
    said: text.slice(index + all.length).split("HTTP/1.1 ", 1)[0] ?? "",
  }));
}
