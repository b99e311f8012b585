import type { Random } from "../../../lib/store/testing/random.ts";

/** What is written to a connection of its own. */
export interface Script {
  /** Written one after another, with a turn of the event loop between them. */
  readonly parts: readonly Uint8Array[];
  /** Ids of events that stand where only a server would find them that reads a request another way than the RFC has it. */
  readonly hidden?: readonly string[];
  /** How many successes must come back: requests that are right, whatever stands around them. */
  readonly successes?: number;
  /** Ends our side once all is written, and waits for what comes. @default the connection stays open until it is quiet */
  readonly ends?: boolean;
}

/** Where bytes are sent. */
export interface RawTarget {
  readonly name: string;
  readonly port: number;
  readonly speaks: "HTTP/1.1" | "HTTP/2";
  /** Paths that take events. */
  readonly eventPaths: readonly string[];
  /** Paths that are read. */
  readonly readPaths: readonly string[];
}

/** A kind of misuse of a connection. */
export interface Attack {
  readonly name: string;
  /** How much of it there is: floods are done a tenth as often. @default "usual" */
  readonly size?: "usual" | "flood";
  make(random: Random, target: RawTarget): Script;
}

/** Latin-1 text as bytes. */
export function bytes(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

/** So many random bytes. */
export function noise(random: Random, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, () => random.below(256));
}

/** The bytes with some of them changed, dropped or doubled. */
export function garbled(random: Random, source: Uint8Array): Uint8Array {
  let current: Uint8Array = Buffer.from(source);
  for (let changes = 1 + random.below(4); changes > 0; changes -= 1) {
    const at = random.below(current.length + 1);
    const put = random.chance(0.5) ? noise(random, random.below(5)) : current.subarray(at, at + 20);
    const cut = random.below(6);
    current = Buffer.concat([current.subarray(0, at), put, current.subarray(at + cut)]);
  }
  return current;
}
