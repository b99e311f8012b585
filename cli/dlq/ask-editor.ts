import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A text as somebody edited it, in a file of its own. */
export interface EditedText {
  readonly text: string;
  readonly file: string;
  /** Removes the file; whoever cannot keep the text leaves it. */
  remove(): void;
}

/**
 * Opens an editor on a text and waits for its end.
 *
 * @throws Error where there is no editor, or it fails.
 */
export async function askEditor(editor: string | undefined, text: string): Promise<EditedText> {
  if (editor === undefined || editor.trim() === "") {
    throw new Error("Cannot edit: EDITOR is not set: set it, or use --set or --body-file");
  }
  const dir = mkdtempSync(join(tmpdir(), "dlq-"));
  const file = join(dir, "letter.json");
  writeFileSync(file, `${text}\n`, { mode: 0o600 });
  // An editor may be a command with options.
  const child = Bun.spawn(["sh", "-c", `${editor} "$1"`, "sh", file], {
    stdio: ["inherit", "inherit", "inherit"],
  });
  const code = await child.exited;
  const remove = () => rmSync(dir, { recursive: true, force: true });
  if (code !== 0) {
    remove();
    throw new Error(`Cannot edit: ${editor} ended with ${code}: nothing was changed`);
  }
  return { text: readFileSync(file, "utf8"), file, remove };
}
