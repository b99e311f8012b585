import { describe, expect, test } from "bun:test";
import { climaApp } from "../../../pipelines/clima-app.ts";
import { proyecto3 } from "../../../pipelines/proyecto3.ts";
import { votaciones } from "../../../pipelines/votaciones.ts";
import { formsOf } from "./field-form.ts";
import { jsonText } from "./json-text.ts";
import { jsonVerdict } from "./json-verdict.ts";
import { tag, varint, wireField, wireVerdict } from "./wire.ts";

const forms = formsOf(climaApp.message);
const words = (names: readonly string[]) => new Map(names.map((name, index) => [name, index]));
const taken = new Set([1, 2, 3, 4]);

test("the oracle's rules are those of the contract", () => {
  expect(forms).toEqual([
    {
      ...{ kind: "word", name: "municipality", number: 1, taken },
      words: words(["municipalities_unknown", "mixco", "guatemala", "amatitlan", "chinautla"]),
    },
    { kind: "whole", name: "temperature", number: 2, min: -50, max: 60 },
    { kind: "whole", name: "humidity", number: 3, min: 0, max: 100 },
    {
      ...{ kind: "word", name: "weather", number: 4, taken },
      words: words(["weathers_unknown", "sunny", "cloudy", "rainy", "foggy"]),
    },
  ]);
  expect(formsOf(proyecto3.message)).toEqual(forms);
  expect(formsOf(votaciones.message)).toEqual(
    ["name", "album", "year", "rank"].map((name, index) => ({
      ...{ kind: "text", name, number: index + 1, charsMin: 1, charsMax: 256 },
    })),
  );
});

describe("the oracle's JSON", () => {
  const read = (text: string) => jsonText(Buffer.from(text));
  const good = ["0", "-0.1e+5", '"\\ud800\\n"', " [1,[],{}] ", '{"a":1,"a":2}', "true", "null"];
  const bad = ["", "01", "1.", ".5", "+1", "NaN", "'1'", '"\t"', '"\\x"', "[1,]", "{a:1}", "1 2"];
  for (const text of good) {
    test(`${text} is one`, () => {
      expect(read(text)).not.toBe("none");
      expect(() => JSON.parse(text)).not.toThrow();
    });
  }
  for (const text of [...bad, "\ufeff1", '"']) {
    test(`${JSON.stringify(text)} is none`, () => {
      expect(read(text)).toBe("none");
      expect(() => JSON.parse(text)).toThrow();
    });
  }

  test("members keep their order, repeats and escapes", () => {
    const value = read('{"\\u0061":1,"a":"\\"\\\\"}');
    expect(value).toEqual({
      type: "object",
      members: [
        ["a", { type: "number", text: "1" }],
        ["a", { type: "string", text: '"\\' }],
      ],
    });
  });
});

describe("the oracle's verdict on JSON", () => {
  const verdict = (text: string) => jsonVerdict(forms, Buffer.from(text));
  const tweet = (temperature: string, more = "") =>
    `{"municipality":2,"temperature":${temperature},"humidity":60,"weather":"Sunný"${more}}`;
  for (const [text, expected] of [
    [tweet("25"), "taken"],
    [tweet("-5e1"), "taken"],
    [tweet("61"), "faults"],
    [tweet('"25"'), "faults"],
    [tweet("25", ',"humidity":60'), "faults"],
    [tweet("25", ',"__proto__":1'), "faults"],
    [tweet("25,"), "not-json"],
    ["[]", "faults"],
    [`${"[".repeat(1_000)}${"]".repeat(1_000)}`, "refused"],
  ] as const) {
    test(`${text.slice(0, 80)}: ${expected}`, () => expect(verdict(text)).toBe(expected));
  }
});

describe("the oracle's verdict on the wire", () => {
  const tweet = [wireField(1, 2), wireField(2, -25), wireField(3, 60), wireField(4, 1)];
  const verdict = (...parts: readonly Uint8Array[]) =>
    wireVerdict(forms, Buffer.concat([...parts]));

  test("a message is taken, in any order, with unknown fields, the last of several", () => {
    expect(verdict(...tweet)).toBe("taken");
    expect(verdict(...tweet.toReversed(), wireField(9, "x"))).toBe("taken");
    expect(verdict(...tweet, wireField(2, 61))).toBe("refused");
    expect(verdict(...tweet, wireField(2, 61), wireField(2, 60))).toBe("taken");
  });

  test("a missing number is 0, a number of 64 bits its lower 32", () => {
    expect(verdict(wireField(1, 2), wireField(4, 1))).toBe("taken");
    expect(verdict(wireField(4, 1))).toBe("refused");
    expect(verdict(...tweet, tag(2, 0), varint(2n ** 40n + 7n))).toBe("taken");
  });

  test("what cannot be read is refused, what is left open is either", () => {
    expect(verdict(...tweet, Uint8Array.of(0x10))).toBe("refused");
    expect(verdict(...tweet, Uint8Array.of(0x0f))).toBe("refused");
    expect(verdict(...tweet, tag(2, 5), new Uint8Array(4))).toBe("either");
    const votes = formsOf(votaciones.message);
    const bad = Buffer.concat([tag(1, 2), varint(1), Uint8Array.of(0xff)]);
    expect(wireVerdict(votes, bad)).toBe("refused");
  });
});
