import { cpus, totalmem } from "node:os";
import type { FaultArguments } from "./arguments.ts";
import { notProduced } from "./not-produced.ts";
import { cellsOf, headings, holds, type Row } from "./table.ts";

/** When and how the rows of a page were made. */
export interface PageFacts {
  readonly command: string;
  readonly date: Date;
  readonly tookMs: number;
}

/** The command that makes the same page anywhere: without the files of this machine. */
export function commandOf({ faults, targets, short }: FaultArguments): string {
  return [
    "bun run faults --page",
    ...faults.map((each) => `--fault ${each}`),
    ...targets.map((each) => `--target ${each}`),
    ...(short ? ["--short"] : []),
  ].join(" ");
}

const meanings = `* **acked**, **refused**, **unknown**: what the first replies said (2xx; 4xx, 429 included; anything else, a missing
  reply included). **effects**: ids that have an effect in the end, after what was unknown was sent again under its key.
* **duplicates suppressed**: deliveries that the store did not count again; under \`both\` each event comes twice by design.
* **recovery**: from the fault's end to the first success. **p99 during**: of all replies to what was due while it lasted,
  from the moment that it was due.
* **invariants**: the number of each that was checked and holds; \`–\`: it does not apply; ✗: it does not hold.

| | |
|---|---|
| 1 | every acknowledged id has its effect, and stands in the topic where Kafka is required |
| 2 | each id has one effect: totals, counts and sums per place are those of the acknowledged ids |
| 3 | no refused id has an effect |
| 4 | what was unknown, sent again under its key, is acknowledged and has one effect |
| 5 | Kafka's lag and RabbitMQ's ready and unacknowledged messages come to 0, within 60 s unless said otherwise |
| 6 | each of our processes holds less than 512 MiB, none ends by itself, nothing is left unhandled |
| 7 | an event is acknowledged within 30 s after the fault |
| 8 | the latest report of a place never goes back in event time, and is the newest one in the end |
| 9 | keyed messages stand in the topic in their order |`;

/** The page of the documentation about faults. */
export function pageOf(rows: readonly Row[], facts: PageFacts): string {
  const passed = rows.filter(holds).length;
  const memory = Math.round(totalmem() / 2 ** 30);
  const date = facts.date.toISOString().slice(0, 10);
  return `# Faults

Made by \`${facts.command}\` on ${date} in ${Math.round(facts.tookMs / 60_000)} minutes, on a machine of ${cpus().length} cores and ${memory} GiB that ran
clients, services, Kafka, RabbitMQ and Valkey together: read what holds, not how fast. ${passed} of ${rows.length} hold.

Each fault is real: signals to real servers, a proxy that cuts (toxiproxy), real limits. Clients send in an open model from
before it until after it, and write down what they send before they send it. Afterwards everything comes to rest, and stores,
topic and dead letters are held against what clients know.

${meanings}

${markdown(headings, rows.map(cellsOf))}

## What was seen beside that

${rows.flatMap(notesOf).join("\n")}

## What is not produced

${markdown(
  ["number", "what", "why"],
  notProduced.map(({ number, what, why }) => [`${number}`, what, why]),
)}
`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function notesOf(row: Row): readonly string[] {
  const label = `${row.numbers.join(", ")} ${row.title} (${row.target})`;
  if ("error" in row) return [`* ${label}: not run: ${row.error.split("\n")[0]}`];
  const broken = row.checks.filter((each) => each.holds === false);
  const all = [
    ...row.notes,
    ...broken.map(({ invariant, seen }) => `**${invariant} does not hold: ${seen}**`),
    ...row.missed.map((each) => `**${each}**`),
  ];
  return all.length === 0 ? [] : [`* ${label}: ${all.join("; ")}`];
}
