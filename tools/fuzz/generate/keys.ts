import type { KeyKind } from "./http-request.ts";

const minuteMs = 60_000;
/** Older than the window for repeats, which is an hour unless told otherwise. */
const oldMs = 150 * minuteMs;
const futureMs = 10 * minuteMs;

/** The text of a key of this kind; undefined for none. `nonce` makes what is no id different from others. */
export function keyText(kind: KeyKind, nonce: number): string | undefined {
  switch (kind) {
    case "none":
      return undefined;
    case "own":
      return Bun.randomUUIDv7();
    case "upper":
      return Bun.randomUUIDv7().toUpperCase();
    case "text":
      return textKey(nonce);
    case "long":
      return `${textKey(nonce)}${"k".repeat(255)}`.slice(0, 255);
    case "bad":
      return badKeys[nonce % badKeys.length];
    case "empty":
      return "";
    case "old":
      return Bun.randomUUIDv7("hex", Date.now() - oldMs);
    case "future":
      return Bun.randomUUIDv7("hex", Date.now() + futureMs);
  }
}

/** Whether the text is an id of ours itself (RFC 9562, section 5.7). */
export function isId(key: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(key);
}

const badKeys = ["a b", "k".repeat(256), "\u00e9", "a\tb", "x".repeat(5_000), "\u00a0", "a, b"];

/** Looks like something else, but is one of a kind. */
function textKey(nonce: number): string {
  const once = `${nonce.toString(36)}${Bun.randomUUIDv7().slice(-12)}`;
  const forms = [
    once,
    `"${once}"`,
    `__proto__${once}`,
    `${once}%00';--`,
    `${once.slice(0, 8)}-1234`,
  ];
  // A UUID of another version is a key as any other.
  return nonce % 6 === 5 ? crypto.randomUUID() : `${forms[nonce % 6]}${once}`;
}
