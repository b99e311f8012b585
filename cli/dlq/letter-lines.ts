import { coloured, columnsOf, type Output, plainText } from "../terminal.ts";
import type { FoundLetter } from "./find-letters.ts";

const utf8 = new TextDecoder();
const strict = new TextDecoder("utf-8", { fatal: true });
const errorMax = 120;

/** A table of letters, for people. */
export function table(letters: readonly FoundLetter[], output: Output): readonly string[] {
  const rows = letters.map(({ place, letter }) => [
    ...[letter.id, `${place.pipeline.name}/${place.lane}`, letter.reason],
    `${letter.attempts || "-"}`,
    letter.lastAt?.slice(0, 19).replace("T", " ") ?? "-",
    plainText(letter.error).slice(0, errorMax),
  ]);
  const head = ["ID", "LANE", "REASON", "TRIES", "SET ASIDE (UTC)", "ERROR"];
  const [first = "", ...lines] = columnsOf([head, ...rows]);
  return [coloured(output, "bold", first), ...lines];
}

/** A letter as JSON; its body as text where it is one, and always in base64 where it is not. */
export function letterJson({ place, letter, waiting }: FoundLetter): string {
  const { body, ...rest } = letter;
  return JSON.stringify({
    pipeline: place.pipeline.name,
    lane: place.lane,
    ...rest,
    storedAt: waiting.copies[0],
    ...bodyJson(body),
  });
}

/** A letter whole, for people. */
export function letterText(found: FoundLetter, output: Output): string {
  const { place, letter } = found;
  const { position } = letter.origin;
  const headers = Object.entries(letter.headers).map(([name, value]) => `${name}: ${value}`);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["id", letter.id],
    ["lane", `${place.pipeline.name}/${place.lane}`],
    ["reason", letter.reason],
    ["error", letter.error],
    ["attempts", letter.attempts === 0 ? undefined : `${letter.attempts}`],
    ["first tried", letter.firstAt],
    ["set aside", letter.lastAt],
    ["came from", position && `${position.partition} offset ${position.offset}`],
    ["key", letter.key],
    ...headers.map((header) => ["header", header] as const),
    ["edited", letter.editedAt],
    ["former id", letter.formerId],
    ["cut", letter.cut.length === 0 ? undefined : letter.cut.join(", ")],
    ["body", `${letter.bodyBytes} bytes`],
  ];
  const lines = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [`${coloured(output, "dim", name.padEnd(12))} ${plainText(value)}`],
  );
  return [...lines, "", bodyText(letter.body), ""].join("\n");
}

function bodyJson(body: Uint8Array) {
  try {
    return { body: strict.decode(body) };
  } catch {
    return { body: utf8.decode(body), bodyBase64: Buffer.from(body).toString("base64") };
  }
}

/** JSON on several lines, anything else line by line as it is but for what moves a cursor. */
function bodyText(body: Uint8Array): string {
  const text = utf8.decode(body);
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text.split("\n").map(plainText).join("\n");
  }
}
