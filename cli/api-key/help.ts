/** What is done with API keys. */
export const commands = ["new", "ls", "check"] as const;

/** One of `commands`. */
export type ApiKeyCommand = (typeof commands)[number];

const end = `  --help             this text

Exits 0 where all is well, 1 where the file cannot be used or something else is not done,
2 where the command line means nothing.
`;

const texts: Readonly<Record<ApiKeyCommand, string>> = {
  new: `bun run api-key new CLIENT [options]     makes a key for a client

The key goes to the standard output, this once: nobody can find it again. What services
read (API_KEYS_FILE) has its SHA-256 alone, in a line of its own. A client may have several
keys at a time, so that the next one is in use before the last one goes.

  --file FILE        add the line to this file, which is made where there is none, readable
                     by its owner alone; without it the line follows the key
  --rate N           the client's events a second, all its keys together; 0 is no limit
                     (CLIENT_RATE of the services)
  --until T          when the key ends: 2027-01-31T12:00:00Z, or in 12h, 90d   (never)
  --json             one JSON object

${end}`,
  ls: `bun run api-key ls --file FILE [options]     lists a file's keys

HINT is the beginning of the key's SHA-256, as the log of refusals has it.

  --file FILE        the file
  --json             one JSON object a line

${end}`,
  check: `bun run api-key check --file FILE     names every fault of a file

Services refuse to start with a file that has one, and keep the keys that they have where
they run.

  --file FILE        the file

${end}`,
};

/** What `--help` prints. */
export function helpOf(command: ApiKeyCommand | undefined): string {
  if (command !== undefined) return texts[command];
  const lines = commands.map((each) => {
    const [usage = "", what = ""] = texts[each].split("\n", 1)[0]?.split(/ {5}/) ?? [];
    return `  ${usage.replace("bun run ", "").padEnd(34)} ${what}`;
  });
  return `bun run api-key COMMAND     who may send events

${lines.join("\n")}

api-key COMMAND --help tells more.
`;
}
