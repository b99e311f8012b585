/** A body as a JSON object, or why it is none: `notJson` is no JSON text at all, `notObject` is another value. */
export type JsonObject =
  | {
      readonly kind: "object";
      readonly fields: Readonly<Record<string, unknown>>;
      /** The names that stand in it more than once; `JSON.parse` keeps the last of each silently. */
      readonly twice: readonly string[];
    }
  | { readonly kind: "notJson"; readonly reason: string }
  | { readonly kind: "notObject"; readonly reason: string };

// A byte order mark is kept as a character, so that JSON.parse refuses it (RFC 8259, section 8.1).
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const quote = 0x22;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Reads UTF-8 JSON text; whatever the bytes are, it answers and never throws. */
export function jsonObject(body: Uint8Array): JsonObject {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return { kind: "notJson", reason: "the body is not UTF-8" };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What JSON.parse says quotes the input, so it is not passed on.
    return { kind: "notJson", reason: text === "" ? "the body is empty" : "the body is not JSON" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { kind: "notObject", reason: "must be a JSON object" };
  }
  const fields = value as Readonly<Record<string, unknown>>;
  return { kind: "object", fields, twice: twiceIn(text, Object.keys(fields).length) };
}

function twiceIn(text: string, distinct: number): readonly string[] {
  let members = 0;
  eachMember(text, () => {
    members += 1;
  });
  if (members === distinct) return [];
  const seen = new Set<string>();
  const twice = new Set<string>();
  eachMember(text, (start, end) => {
    const name = JSON.parse(text.slice(start, end)) as string;
    (seen.has(name) ? twice : seen).add(name);
  });
  return [...twice];
}

/** Tells where each member name of the outermost object of a valid JSON text stands, repeated ones too. */
function eachMember(text: string, visit: (start: number, end: number) => void): void {
  let depth = 0;
  let start = 0;
  let end = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === quote) {
      start = at;
      at = endOfString(text, at);
      end = at + 1;
    } else if (char === colon) {
      if (depth === 1) visit(start, end);
    } else if (char === openBrace || char === openBracket) {
      depth += 1;
    } else if (char === closeBrace || char === closeBracket) {
      depth -= 1;
    }
  }
}

/** The position of the quote that closes the string beginning at `at`. */
function endOfString(text: string, at: number): number {
  let end = text.indexOf('"', at + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === backslash) backslashes += 1;
  return backslashes % 2 === 1;
}
