import type { AsideReason, FoldBatch, FoldEvent } from "../store.ts";

/** Bytes of one event: its id, its fingerprint, its offset as a double. */
const eventBytes = 28;

const reasonCodes: Readonly<Record<AsideReason, string>> = {
  undecodable: "u",
  refused: "r",
  late: "l",
  conflict: "c",
};

/** The script's arguments that stay the same however often a batch is folded. */
export function batchArguments(prefix: string, batch: FoldBatch): (string | number | Buffer)[] {
  const { range, events } = batch;
  return [
    prefix,
    batch.lane,
    range?.partition ?? "",
    range?.from ?? 0,
    range?.to ?? 0,
    range?.gap ?? "",
    batch.redelivered,
    batch.unidentified,
    eventsBytes(events),
    events.map(({ setAside }) => (setAside ? reasonCodes[setAside] : "-")).join(""),
  ];
}

/** The events that are new if the store has none of them: the first of each id that is not set aside. */
export function expectedNew(events: readonly FoldEvent[]): boolean[] {
  const seen = new Set<string>();
  return events.map(({ id, setAside }) => {
    if (setAside !== undefined || seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/** Which events are folded, as the script compares it. */
export function foldedMask(folded: readonly boolean[]): string {
  return folded.map((each) => (each ? "a" : "-")).join("");
}

function eventsBytes(events: readonly FoldEvent[]): Buffer {
  const bytes = Buffer.alloc(events.length * eventBytes);
  let at = 0;
  for (const { id, fingerprint, offset } of events) {
    bytes.write(id.replaceAll("-", ""), at, "hex");
    bytes.writeUInt32BE(fingerprint >>> 0, at + 16);
    bytes.writeDoubleBE(offset ?? 0, at + 20);
    at += eventBytes;
  }
  return bytes;
}
