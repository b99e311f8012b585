/** What is done with dead letters. */
export const commands = ["ls", "show", "edit", "redrive", "drop"] as const;

/** One of `commands`. */
export type DlqCommand = (typeof commands)[number];

const choice = `which letters (all that are given must hold; of one kind, any)
  --id ID            this one; several times for several
  --reason R         undecodable, refused, late, conflict, undelivered (the broker gave
                     up), unknown (no letter of ours); several times for several
  --older-than T     set aside longer ago than 90s, 15m, 2h, 7d
  --newer-than T     set aside since then
  --pipeline P       of this pipeline; several times for several
  --lane L           of this lane: kafka, rabbit
  --limit N          N at most
`;

const where = `where
  --data-dir DIR     laptop mode's folder; laptop mode must not run
  Without it: KAFKA_BROKERS, RABBIT_URL and the others of a board, with PIPELINE, where
  one of them is set; else what \`npm run up\` runs (RUN_DIR); else laptop mode's folder
  (DATA_DIR, .data).

  --json             one JSON object a line
  --help             this text

Exits 0 where all is done, 1 where something is not, 2 where the command line means
nothing, 130 after Ctrl-C, which ends between letters.
`;

const acts = `  --all              every letter that waits
  --dry-run          tell what would be done, and do nothing
`;

const texts: Readonly<Record<DlqCommand, string>> = {
  ls: `bun run dlq ls [options]     lists dead letters that wait, the newest first

${choice}                     (100; with --json all)

${where}`,
  show: `bun run dlq show ID... [options]     shows dead letters whole: reason, times, headers, body

  --pipeline P, --lane L     where the same event was set aside in several places

${where}`,
  edit: `bun run dlq edit ID [options]     puts another body into a dead letter

The body is shown as the pipeline's message in JSON where it can be read as one, else as
it is, in $EDITOR. What is kept keeps the pipeline's rules; a letter keeps its id.

  --set FIELD=VALUE  change one field instead; several times for several
  --body-file FILE   take the whole body from a file, or from - (the standard input)
  --dry-run          check it, and change nothing
  --pipeline P, --lane L     where the same event was set aside with several bodies

${where}`,
  redrive: `bun run dlq redrive [ID...] [options]     publishes dead letters again

Original bytes and headers go to the lane's own topic or queue under the same id, so that
doing it twice has one effect; the letter is taken out once the broker has confirmed.

${choice}${acts}  --new-id           give letters that are late or in conflict an id and time of their
                     own: they count, even if a copy of them has counted already

${where}`,
  drop: `bun run dlq drop [ID...] [options]     takes dead letters out, without an effect

${choice}${acts}
${where}`,
};

/** What \`--help\` prints. */
export function helpOf(command: DlqCommand | undefined): string {
  if (command !== undefined) return texts[command];
  const lines = commands.map((each) => {
    const [usage = "", what = ""] = texts[each].split("\n", 1)[0]?.split(/ {5}/) ?? [];
    return `  ${usage.replace("bun run ", "").padEnd(32)} ${what}`;
  });
  return `bun run dlq COMMAND     what was set aside, and what becomes of it

${lines.join("\n")}

dlq COMMAND --help tells more.
`;
}
