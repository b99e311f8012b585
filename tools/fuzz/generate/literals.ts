import fc from "fast-check";
import type { FieldForm } from "../model/field-form.ts";

/** Texts that programs take for something else. */
const strangeTexts = [
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "null", "NaN"],
  ...[
    "\u0000",
    "\u0000\u0001\u001f",
    "\u007f",
    "\ufeff",
    "\u2028",
    "\ufffd",
    "a\u0301",
    "\u202etxt",
  ],
  ...["' OR 1=1 --", "%24{jndi:ldap://x}", "{{7*7}}", "<script>", "../../etc/passwd", "%00%n%s"],
  ...[
    "$where",
    "$set.a",
    "a.b",
    "tp:ledger",
    "*",
    "\r\nSET x 1\r\n",
    "😀",
    "𝒳",
    "ß",
    "İ",
    "ſ",
    "K",
  ],
];

/** A JSON string of a text, some of its characters escaped that need not be. */
export function jsonString(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(text, fc.nat({ max: 20 })).map(([plain, every]) => {
    const literal = JSON.stringify(plain);
    if (every === 0 || every > 5) return literal;
    const chars = [...plain].map((char, index) =>
      index % every === 0 ? escaped(char) : JSON.stringify(char).slice(1, -1),
    );
    return `"${chars.join("")}"`;
  });
}

function escaped(char: string): string {
  return [...Array(char.length).keys()]
    .map((index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
}

/** A value that the field takes: a number, or a text. */
export function goodValue(form: FieldForm): fc.Arbitrary<number | string> {
  switch (form.kind) {
    case "whole": {
      const { min, max } = form;
      return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max, min + 1, max - 1));
    }
    case "word":
      return fc.constantFrom(...form.taken);
    case "text":
      return goodText(form);
  }
}

function goodText({ charsMin, charsMax }: Extract<FieldForm, { kind: "text" }>) {
  const fitting = strangeTexts.filter((text) => [...text].length <= charsMax);
  return fc.oneof(
    { weight: 4, arbitrary: fc.string({ minLength: charsMin, maxLength: 20 }) },
    {
      weight: 3,
      arbitrary: fc.string({ unit: "binary", minLength: charsMin, maxLength: charsMax }),
    },
    { weight: 2, arbitrary: fc.constantFrom(...fitting) },
    { weight: 1, arbitrary: fc.constantFrom("x".repeat(charsMax), "😀".repeat(charsMax)) },
  );
}

/** A value of the field's type that may break its rules: what JSON and protobuf can both carry. */
export function typedValue(form: FieldForm): fc.Arbitrary<number | string> {
  switch (form.kind) {
    case "whole": {
      const { min, max } = form;
      const edges = fc.constantFrom(min - 1, max + 1, 0, -1, 2 ** 31 - 1, -(2 ** 31));
      return fc.oneof(goodValue(form), edges, fc.integer());
    }
    case "word":
      return fc.oneof(
        goodValue(form),
        fc.constantFrom(...form.words.values(), -1, 99),
        fc.integer(),
      );
    case "text":
      return fc.oneof(
        { weight: 4, arbitrary: goodText(form) },
        { weight: 1, arbitrary: fc.constantFrom("", "x".repeat(form.charsMax + 1)) },
        { weight: 1, arbitrary: fc.constantFrom("😀".repeat(form.charsMax + 1), "é") },
      );
  }
}

/** The JSON of a good value, in one of the spellings that a door takes. */
export function goodLiteral(form: FieldForm): fc.Arbitrary<string> {
  switch (form.kind) {
    case "whole":
      return fc
        .tuple(goodValue(form), fc.constantFrom("", "", "", ".0", "e0", ".000E+0"))
        .map(([value, tail]) => `${value}${tail}`);
    case "word":
      return fc.oneof(
        goodValue(form).map(String),
        jsonString(
          fc
            .tuple(fc.constantFrom(...takenWords(form)), fc.nat())
            .map(([word, bits]) => respelt(word, bits)),
        ),
      );
    case "text":
      return fc.oneof(
        { weight: 5, arbitrary: jsonString(goodText(form)) },
        { weight: 1, arbitrary: fc.constantFrom("0", "-0", "1978", "1.5", "1e300", "-1e-7") },
      );
  }
}

function takenWords({ words, taken }: Extract<FieldForm, { kind: "word" }>): readonly string[] {
  return [...words].flatMap(([word, number]) => (taken.has(number) ? [word] : []));
}

/** Some letters large, some with an accent. */
function respelt(word: string, bits: number): string {
  return [...word]
    .map((char, index) => ((bits >> (index % 16)) & 1 ? char.toUpperCase() : char))
    .map((char, index) => (bits % 5 === 0 && (bits >> (index % 13)) & 1 ? `${char}\u0301` : char))
    .join("")
    .normalize(bits % 2 === 0 ? "NFC" : "NFD");
}

const wrongLiterals = [
  ...["null", "true", "false", "[]", "{}", '""', '" "', '"25"', '"1e1"', "[1]", '{"a":1}'],
  ...["25.5", "1e400", "-1e400", "1e-400", "-0", "0.1e1", "1E1", "99999999999999999999", "5e-324"],
  ...["2147483647", "2147483648", "-2147483648", "-2147483649", "4294967297", "9007199254740993"],
  ...["NaN", "Infinity", "-Infinity", "01", "+1", ".5", "1.", "0x10", "1_000", "- 1", "--1", "1e"],
  ...["undefined", "nul", "True", "'1'", '"\\ud800"', '"\\udc00\\ud800"', '"\\u00"', '"\\x41"'],
  ...['"\t"', '"\u0001"', '"unterminated', "//1", "/**/1", "1n", '"\\ud83d\\ude00"', '"sunny "'],
];

/** Any JSON, and what looks like it: mostly nothing that a field takes. */
export const oddLiteral: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...wrongLiterals) },
  { weight: 2, arbitrary: fc.double().map((value) => String(value)) },
  { weight: 2, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String) },
  { weight: 1, arbitrary: jsonString(fc.constantFrom(...strangeTexts)) },
  { weight: 1, arbitrary: fc.nat({ max: 300 }).map((depth) => nested(depth)) },
);

/** Lists in lists, closed. */
export function nested(depth: number): string {
  return `${"[".repeat(depth)}${"]".repeat(depth)}`;
}
