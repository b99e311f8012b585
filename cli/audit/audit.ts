import { pause } from "../../lib/pause.ts";
import { exitCodes } from "../arguments/exit-codes.ts";
import type { PlaceOptions, Places } from "../places/place.ts";
import type { Terminal } from "../terminal.ts";
import { type AuditArguments, help, readArguments } from "./arguments.ts";
import { type Audited, differencesOf, doubtsOf } from "./audited.ts";
import { boardSource } from "./board-source.ts";
import { ledgerLines } from "./ledger-lines.ts";
import { type AuditSource, placesSource } from "./read-places.ts";

const lookEveryMs = 500;

/** What the command needs of the world beside its terminal. */
export interface AuditWorld {
  find(options: Omit<PlaceOptions, "env">): Places;
}

/** Runs `audit` and answers its exit code. */
export async function audit(
  args: readonly string[],
  terminal: Terminal,
  world: AuditWorld,
): Promise<number> {
  const read = readArguments(args);
  if (read.help) {
    terminal.out.write(help);
    return exitCodes.done;
  }
  await using resources = new AsyncDisposableStack();
  const source = resources.use(await sourceOf(read, world, resources));
  const audited = await settled(source, source.idle ? 0 : read.waitMs, terminal);
  tell(audited, read, source, terminal);
  if (terminal.signal.aborted) return exitCodes.stopped;
  const closes = audited.every((each) => differencesOf(each).length === 0);
  return closes ? exitCodes.done : exitCodes.failed;
}

async function sourceOf(
  { board, pipelines, dataDir }: AuditArguments,
  world: AuditWorld,
  resources: AsyncDisposableStack,
): Promise<AuditSource> {
  if (board !== undefined) return boardSource(board, pipelines);
  return placesSource(resources.use(world.find({ pipelines, dataDir })));
}

/** Reads until everything closes, for as long as what is in flight may take. */
async function settled(
  source: AuditSource,
  waitMs: number,
  { signal, err }: Terminal,
): Promise<readonly Audited[]> {
  const limitMs = performance.now() + waitMs;
  for (let told = false; ; told = true) {
    const audited = await source.read();
    const open = audited.filter((each) => differencesOf(each).length > 0);
    const leftMs = limitMs - performance.now();
    if (open.length === 0 || leftMs <= 0 || signal.aborted) return audited;
    if (!told && err.isTTY) err.write(`waiting for ${open.map((each) => each.pipeline)} ...\n`);
    await pause(Math.min(lookEveryMs, leftMs), signal);
  }
}

function tell(
  audited: readonly Audited[],
  { json }: AuditArguments,
  { where }: AuditSource,
  { out }: Terminal,
): void {
  for (const each of audited) {
    const differences = differencesOf(each);
    const closes = differences.length === 0;
    const line = JSON.stringify({ ...each, closes, differences, doubts: doubtsOf(each) });
    out.write(json ? `${line}\n` : `${ledgerLines(each, out).join("\n")}\n`);
  }
  if (!json) out.write(`Read from ${where}.\n`);
}
