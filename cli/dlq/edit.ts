import { exitCodes } from "../arguments/exit-codes.ts";
import type { Places } from "../places/place.ts";
import type { Terminal } from "../terminal.ts";
import type { DlqArguments } from "./arguments.ts";
import { askEditor } from "./ask-editor.ts";
import { bodyOf, editableText, withFields } from "./edited-body.ts";
import { type FoundLetter, lanesOf, lettersIn } from "./find-letters.ts";
import { letterJson } from "./letter-lines.ts";
import { tellMissing } from "./missing.ts";
import { changed } from "./renew.ts";

/** Where a new body comes from beside the command line. */
export interface EditSources {
  readonly editor: string | undefined;
  /** Reads a file, or the standard input as `-`. */
  read(file: string): Promise<string>;
}

/**
 * `dlq edit`: another body under the same id, in every lane in which the event waits with the same one. It is checked
 * against the pipeline's rules before anything is stored.
 */
export async function edit(
  places: Places,
  args: DlqArguments,
  terminal: Terminal,
  sources: EditSources,
): Promise<number> {
  const found: FoundLetter[] = [];
  for (const place of lanesOf(places, args.selection)) {
    for await (const each of lettersIn(place, args.selection, "oldest", Date.now()))
      found.push(each);
  }
  const [first, ...others] = found;
  if (first === undefined) return tellMissing(args.selection.ids, found, terminal);
  const same = Buffer.from(first.letter.body);
  if (
    others.some(
      ({ letter, place }) => !same.equals(letter.body) || place.pipeline !== first.place.pipeline,
    )
  ) {
    const where = found.map(({ place }) => `${place.pipeline.name}/${place.lane}`).join(", ");
    throw new Error(
      `Cannot edit ${first.letter.id}: it waits with several bodies: choose by --pipeline and --lane: current places are ${where}`,
    );
  }
  const body = await newBody(first, args, sources);
  if (same.equals(body) && !first.letter.cut.includes("body")) {
    terminal.out.write("Nothing changed.\n");
    return exitCodes.done;
  }
  if (!args.dryRun) await keep(found, body);
  tell(found, body, args, terminal);
  return exitCodes.done;
}

async function newBody(
  { place: { pipeline }, letter }: FoundLetter,
  { set, bodyFile }: DlqArguments,
  { editor, read }: EditSources,
): Promise<Uint8Array> {
  const checked = (make: () => Uint8Array, left = "") => {
    try {
      return make();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Cannot keep this body: ${why}${left}`, { cause });
    }
  };
  const text = editableText(pipeline, letter.body);
  if (set.length > 0) return checked(() => withFields(pipeline, text, set));
  if (bodyFile !== undefined) {
    const given = await read(bodyFile);
    return checked(() => bodyOf(pipeline, given));
  }
  const edited = await askEditor(editor, text);
  // What was not touched is not read anew: that alone might change it.
  const isSame = edited.text.trimEnd() === text.trimEnd();
  const body = isSame
    ? letter.body
    : checked(
        () => bodyOf(pipeline, edited.text),
        `: your text is in ${edited.file} (--body-file)`,
      );
  edited.remove();
  return body;
}

async function keep(found: readonly FoundLetter[], body: Uint8Array): Promise<void> {
  for (const { place, waiting, letter } of found) {
    await place.letters.settle([changed(waiting, letter, { body })]);
  }
}

function tell(
  found: readonly FoundLetter[],
  body: Uint8Array,
  { json, dryRun }: DlqArguments,
  { out }: Terminal,
): void {
  for (const each of found) {
    const { place, letter } = each;
    const edited = { ...each, letter: { ...letter, body, bodyBytes: body.length, cut: [] } };
    const verb = dryRun ? "Would keep" : "Kept";
    const next = dryRun ? "." : `: \`dlq redrive ${letter.id}\` publishes it.`;
    out.write(
      json
        ? `${letterJson(edited)}\n`
        : `${verb} ${letter.id} of ${place.pipeline.name}/${place.lane} with ${body.length} bytes${next}\n`,
    );
  }
}
