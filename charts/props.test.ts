import { expect, test } from "bun:test";
import { join } from "node:path";

const files = [...new Bun.Glob("**/*.ts").scanSync(import.meta.dir)].filter(
  (file) => !file.endsWith(".test.ts"),
);

/** The members of a file's exported interfaces and of all `…Plan`s and `…Address`es, each with the comment above it. */
function members(source: string): readonly { readonly comment: string; readonly line: string }[] {
  const interfaces = [
    ...source.matchAll(
      /^(?:export interface |interface \w+(?:Plan|Address)\b)[^{]*\{\n([\s\S]*?)^\}/gm,
    ),
  ];
  return interfaces.flatMap(([, body = ""]) =>
    [...body.matchAll(/((?:^ {2}\/\*\*[\s\S]*?\*\/\n)?)^( {2}[a-zA-Z].*)$/gm)].map(
      ([, comment = "", line = ""]) => ({ comment, line: line.trim() }),
    ),
  );
}

/** What is wrong with a prop: each is `readonly`, has a sentence, and says what holds without it. */
function faults(source: string): readonly string[] {
  return members(source).flatMap(({ comment, line }) => {
    if (!line.startsWith("readonly ")) return [`not readonly: ${line}`];
    if (comment === "") return [`no comment: ${line}`];
    const optional = /^readonly \w+\?:/.test(line);
    return optional === comment.includes("@default ") ? [] : [`@default: ${line}`];
  });
}

test.each(files)(
  "every prop in charts/%s is readonly, explained, and says its default",
  async (file) => {
    expect(faults(await Bun.file(join(import.meta.dir, file)).text())).toEqual([]);
  },
);

test("a prop that is writable, unexplained or without its default is found", () => {
  const source = [
    "export interface XProps {",
    "  /** One. */",
    "  a: string;",
    "  readonly b: string;",
    "  /** Three. */",
    "  readonly c?: string;",
    "}",
  ].join("\n");
  expect(faults(source)).toEqual([
    "not readonly: a: string;",
    "no comment: readonly b: string;",
    "@default: readonly c?: string;",
  ]);
});
