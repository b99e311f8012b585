import { isUtf8 } from "node:buffer";

/** A JSON value as its text has it: members in their order, repeated ones too, numbers as they are written. */
export type JsonValue =
  | { readonly type: "object"; readonly members: readonly (readonly [string, JsonValue])[] }
  | { readonly type: "array" | "literal" }
  | { readonly type: "string"; readonly text: string }
  | { readonly type: "number"; readonly text: string };

/** What bytes are as JSON text (RFC 8259): a value, none, or one too deep to say. */
export type JsonText = JsonValue | "none" | "deep";

/** Deeper values than this may be refused as no JSON at all, as the RFC allows (section 9). */
const depthMax = 200;

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const blank = /[ \t\n\r]*/y;
const word = /true|false|null/y;

/** Reads JSON by a grammar of its own, so that it shares no fault with `JSON.parse`. */
export function jsonText(bytes: Uint8Array): JsonText {
  // A byte order mark is no blank of the grammar, so it needs no rule.
  if (!isUtf8(bytes)) return "none";
  const reader = createReader(Buffer.from(bytes).toString("utf8"));
  try {
    const value = reader.value(0);
    return reader.isAtEnd() ? value : "none";
  } catch (error) {
    if (error === noJson) return "none";
    if (error === tooDeep) return "deep";
    throw error;
  }
}

const noJson = new Error("no JSON");
const tooDeep = new Error("too deep");

function createReader(source: string) {
  let at = 0;

  function match(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  }

  function expect(char: string): void {
    match(blank);
    if (source[at] !== char) throw noJson;
    at += 1;
  }

  function isNext(char: string): boolean {
    match(blank);
    if (source[at] !== char) return false;
    at += 1;
    return true;
  }

  function string(): string {
    expect('"');
    const start = at;
    while (source[at] !== '"') {
      if (source[at] === "\\") {
        if (match(escaped) === undefined) throw noJson;
      } else if (at >= source.length || source.charCodeAt(at) < 0x20) throw noJson;
      else at += 1;
    }
    at += 1;
    return unescaped(source.slice(start, at - 1));
  }

  /** Everything between brackets, `item` by `item`. */
  function list(end: string, item: () => void): void {
    if (isNext(end)) return;
    do item();
    while (isNext(","));
    expect(end);
  }

  function value(depth: number): JsonValue {
    if (depth > depthMax) throw tooDeep;
    if (isNext("{")) {
      const members: (readonly [string, JsonValue])[] = [];
      list("}", () => {
        const name = string();
        expect(":");
        members.push([name, value(depth + 1)]);
      });
      return { type: "object", members };
    }
    if (isNext("[")) {
      list("]", () => value(depth + 1));
      return { type: "array" };
    }
    if (source[at] === '"') return { type: "string", text: string() };
    const digits = match(number);
    if (digits !== undefined) return { type: "number", text: digits };
    if (match(word) === undefined) throw noJson;
    return { type: "literal" };
  }

  return {
    value,
    isAtEnd: () => {
      match(blank);
      return at === source.length;
    },
  };
}

const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

function unescaped(raw: string): string {
  return raw.replaceAll(/\\(?:u(.{4})|(.))/g, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (escapes[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
