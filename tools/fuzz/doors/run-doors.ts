import { progressBar } from "../../../lib/progress-bar.ts";
import { pipelines } from "../../../pipelines/all.ts";
import { asStep, type FuzzContext } from "../context.ts";
import type { Finding } from "../finding.ts";
import { grpcRequests, prefixed } from "../generate/grpc-request.ts";
import { httpRequests } from "../generate/http-request.ts";
import { otherJson, otherWire } from "../generate/other-body.ts";
import { type Laptop, startLaptop } from "../laptop.ts";
import { formsOf } from "../model/field-form.ts";
import type { Row } from "../row.ts";
import { watchSurvival } from "../watch.ts";
import { type Book, createBook } from "./book.ts";
import { chosenDoors, type Door, doorsOf } from "./find-doors.ts";
import { fuzzDoor } from "./fuzz-door.ts";
import { grpcCaller } from "./grpc-caller.ts";
import { httpConnection } from "./http-connection.ts";
import { keysFile } from "./keys-file.ts";
import { settleBook } from "./settle-books.ts";
import { grpcTrier, httpTrier } from "./try-request.ts";

/** How doors are fuzzed. */
export interface DoorsOptions {
  /** Parts of doors' names; none for all. */
  readonly doors: readonly string[];
  /** How many bodies each gets. */
  readonly bodies: number;
}

const connections = 48;
const sessions = 4;
const callsPerSession = 12;

/** Where doors ask for clients' keys, a tenth of the bodies is enough: what follows is the same. */
const keyedShare = 10;

/**
 * Sends generated bodies to every door of laptop mode, then to the same doors where they ask for clients' keys, and holds
 * the stores against what was answered.
 */
export async function runDoors(
  context: FuzzContext,
  { doors: words, bodies }: DoorsOptions,
): Promise<readonly Row[]> {
  const doors = chosenDoors(doorsOf(pipelines), words);
  const { signal } = context;
  const rows = await fuzzLaptop(context, { doors, bodies, place: "doors" });
  if (signal.aborted) return rows;
  using keys = keysFile();
  const keyed = await fuzzLaptop(context, {
    doors: doors.map((door) => ({ ...door, name: `${door.name}, by key`, clientKey: keys.key })),
    bodies: Math.ceil(bodies / keyedShare),
    place: "doors that ask for keys",
    env: { API_KEYS_FILE: keys.file },
  });
  return [...rows, ...keyed];
}

interface LaptopRun {
  readonly doors: readonly Door[];
  readonly bodies: number;
  readonly place: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function fuzzLaptop(
  context: FuzzContext,
  { doors, bodies, place, env = {} }: LaptopRun,
): Promise<readonly Row[]> {
  const { signal, seed } = context;
  await using laptop = await asStep(context, `start laptop mode for ${place}`, () =>
    startLaptop({ signal, env }),
  );
  using survival = watchSurvival([laptop.child]);
  const books = new Map(pipelines.map(({ name }) => [name, createBook()]));
  const rows: Row[] = [];
  for (const [index, door] of doors.entries()) {
    const book = books.get(door.pipeline.name);
    if (signal.aborted || book === undefined || !laptop.child.running) break;
    const row = await asStep(context, `${bodies} bodies at ${door.name}`, () =>
      fuzzOne({ ...context, seed: seed + index }, laptop, { door, book, bodies }),
    );
    rows.push(row);
  }
  const startedMs = performance.now();
  const settled =
    laptop.child.running && !signal.aborted
      ? await asStep(context, "hold the stores against the replies", () =>
          Promise.all([...books].map(([name, book]) => settleBook(laptop.url, name, book, signal))),
        )
      : [];
  const { note, faults } = signal.aborted ? { note: "stopped", faults: [] } : survival.report();
  const all = [...settled.flatMap((each) => each.faults), ...faults];
  return [
    ...rows,
    {
      ...{ part: "doors", place: `stores and process, after all ${place}` },
      ...{ sent: 0, taken: 0, refused: 0, other: 0, tookMs: performance.now() - startedMs },
      notes: [...settled.map((each) => each.note), note],
      findings: all.map((what): Finding => ({ at: place, what, seed, index: 0 })),
      found: all.length,
    },
  ];
}

interface One {
  readonly door: Door;
  readonly book: Book;
  readonly bodies: number;
}

async function fuzzOne(
  { seed, signal }: FuzzContext,
  { httpPort, grpcPort }: Laptop,
  { door, book, bodies }: One,
): Promise<Row> {
  const bar = progressBar(bodies, process.stderr);
  let sent = 0;
  const onSent = () => {
    sent += 1;
    if (process.stderr.isTTY) bar(sent);
  };
  const forms = formsOf(door.pipeline.message);
  const options = { door, count: bodies, seed, book, signal, onSent };
  using resources = new DisposableStack();
  if (door.kind === "http") {
    const triers = Array.from({ length: connections }, () =>
      resources.use(httpTrier(door, forms, httpConnection(httpPort), otherJson(forms))),
    );
    return await fuzzDoor({ ...options, requests: httpRequests(forms), triers });
  }
  const callers = Array.from({ length: sessions }, () => resources.use(grpcCaller(grpcPort)));
  const other = [prefixed(otherWire(forms))];
  const triers = callers.flatMap((caller) =>
    Array.from({ length: callsPerSession }, () => grpcTrier(door, caller, other)),
  );
  return await fuzzDoor({ ...options, requests: grpcRequests(forms), triers });
}
