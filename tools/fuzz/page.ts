import { cpus, totalmem } from "node:os";
import type { FuzzArguments } from "./arguments.ts";
import { holds, type Row } from "./row.ts";
import { cellsOf, headings } from "./table.ts";

/** When and how the rows of a page were made. */
export interface PageFacts {
  readonly command: string;
  readonly date: Date;
  readonly tookMs: number;
}

/** The command that makes the same page anywhere: without the files of this machine. */
export function commandOf({ seed, bodies, messages }: FuzzArguments): string {
  return `bun run fuzz --page --seed ${seed} --bodies ${bodies} --messages ${messages}`;
}

/** What is sent and what is expected: the part of the page that no run changes. */
export const explanation = `## Bodies at doors

Laptop mode runs as a process of its own. Every HTTP event route and every RPC of every pipeline gets as many generated
requests, 48 at a time over connections that are kept; then a tenth as many where doors ask for clients' keys. Generators
(fast-check) are derived from the protobuf descriptors and the protovalidate rules:

* valid bodies, in every spelling that a door takes, text such as \`__proto__\`, NUL and 256 characters beyond the basic plane;
* one field odd: wrong types, \`1e400\`, \`-0\`, \`NaN\`, text for numbers, int32 overflow, lone surrogates;
* members missing, extra, twice, under other names, \`__proto__\`; any JSON, any text, any bytes;
* truncations, bit flips, splices, byte order marks, invalid UTF-8, UTF-16, gzip; nesting up to 200,000; sizes around 64 KiB;
* for RPCs the same on the wire: fields in any order, twice, unknown, of other wire types, varints that are too long or wrap,
  groups, bad text; compressed or not, in pieces, length prefixes that lie, none or two messages;
* with them content types, charsets, codings, methods, paths, chunks of one byte, odd headers, \`Prefer\`, deadlines of a
  millisecond and of years; idempotency keys: none, UUIDv7, in capitals, text, too long, malformed, old, of the future; some sent
  twice, some under another body's key; clients' keys right, wrong, cut, missing.

An oracle of its own judges each reply: a JSON reader and a protobuf reader that share no code with the doors', over rules that
are read off the descriptors, the same for both protocols. Afterwards every store is held against the replies: each
acknowledged id has one effect, no refused id has any, there is no dead letter, the ledger closes. The process is the same, its
memory bounded, its log without a fault that nobody foresaw.

A client that says that it waits for a millisecond (\`connect-timeout-ms\`, \`grpc-timeout\`) may hear 408, 502, 503 or
\`DEADLINE_EXCEEDED\`. No other input is answered by 5xx, \`INTERNAL\` or \`UNKNOWN\`.

## Raw bytes

At laptop mode's HTTP and gRPC ports, a relay's door and its admin port:

* HTTP/1.1: two framings in one request, bad chunks, odd lengths, folded lines, NUL, thousands of headers, pipelines, pieces,
  absolute and broken targets, odd hosts, other protocols;
* HTTP/2: random and forbidden frames, wrong streams, HPACK that cannot be read, odd authorities, paths and fields; floods of
  resets, settings, pings, continuations, priorities, windows; replies that nobody takes;
* gRPC: health and reflection with noise.

Meanwhile a good client sends 50 events a second, each of which must be acknowledged. Events hidden in another request's body
must have no effect. Connections that say nothing are ended by the server. Bun answers what is not HTTP/1.1 at all with 505;
on pipelined requests it ends the connection, which leaves them unknown.

## Messages on topics and queues

Real Kafka, RabbitMQ, Valkey and a stand-in for MongoDB, all services as processes: messages of the pipeline's own form, odd
members, mutated bytes, any JSON, any bytes, deep and large ones; ids that are none, of 1970 and of the year 10889; foreign keys,
times, properties and headers (\`__proto__\`, tables a thousand deep). Each good one is counted once, some sent twice; each bad one lies
aside and is listed by \`dlq\`; good events come through the doors all the while.

## Descriptions

schemathesis reads \`/openapi/json\` of laptop mode, which describes board and doors, and holds every reply against it: no
server error; status, content type, headers and schema as described; what the schema forbids is refused, what it allows is
taken; methods that are not there are 405. A relay describes nothing itself: its routes are its station's in that description.

## What was found, and is a test now

| finding | mended | test |
| --- | --- | --- |
| an HTTP/2 request whose \`:authority\` is no host ended the process | refused with \`INVALID_ARGUMENT\` | \`lib/rpc/malformed-calls.test.ts\` |
| gRPC's JSON form took \`"25"\` for a number, and said \`INTERNAL\` of bad JSON | 415: it is not spoken | \`lib/rpc/malformed-calls.test.ts\` |
| a message flagged as compressed, without a compression, was \`INTERNAL\` | \`INVALID_ARGUMENT\` | \`lib/rpc/malformed-calls.test.ts\` |
| a \`grpc-timeout\` of more than 24 days ended watches after a millisecond | taken for 24 days | \`lib/rpc/malformed-calls.test.ts\` |
| a \`Host\` that is none made the board answer 500 | answered as ever | \`services/board/request-target.test.ts\` |
| a RabbitMQ message with a time beyond what an id can tell came back until its delivery limit | the nearest time | \`lib/event/event-id.test.ts\` |
| a letter with a time beyond what a date can tell could not be listed | listed without it | \`lib/delivery/dead-letter.test.ts\` |
| the board's description allowed every UUID where it takes UUIDv7 | described | \`bun run fuzz --openapi\` |`;

/** The page of the documentation about fuzzing. */
export function pageOf(rows: readonly Row[], facts: PageFacts): string {
  const clean = rows.filter(holds).length;
  const memory = Math.round(totalmem() / 2 ** 30);
  const date = facts.date.toISOString().slice(0, 10);
  const sent = rows.reduce((sum, row) => sum + row.sent, 0).toLocaleString("en");
  return `# Fuzzing

Made by \`${facts.command}\` on ${date} in ${Math.round(facts.tookMs / 60_000)} minutes, on a machine of ${cpus().length} cores
and ${memory} GiB that ran senders and servers together, and other work beside: read what holds, not how fast. ${sent} requests,
connections and messages were sent; ${clean} of ${rows.length} rows are without a finding. \`bun run fuzz --short\` takes a minute. A
finding is told with its seed, its number and its bytes, and kept as a test once it is mended.

${markdown(headings, rows.map(cellsOf))}

${explanation}

## Figures

${rows.flatMap(notesOf).join("\n")}
`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function notesOf({ place, notes, findings }: Row): readonly string[] {
  const all = [...notes, ...findings.map(({ what }) => `**${what}**`)];
  return all.length === 0 ? [] : [`* ${place}: ${all.join("; ")}`];
}
