import { exitCodes } from "../arguments/exit-codes.ts";
import type { PlaceOptions, Places } from "../places/place.ts";
import type { Terminal } from "../terminal.ts";
import { type DlqArguments, readArguments } from "./arguments.ts";
import { deal } from "./deal.ts";
import { dropping } from "./drop.ts";
import { type EditSources, edit } from "./edit.ts";
import { helpOf } from "./help.ts";
import { list, show } from "./list.ts";
import { redriving } from "./redrive.ts";

/** What the command needs of the world beside its terminal. */
export interface DlqWorld extends EditSources {
  find(options: Omit<PlaceOptions, "env">): Places;
}

/** Runs `dlq` and answers its exit code. */
export async function dlq(
  args: readonly string[],
  terminal: Terminal,
  world: DlqWorld,
): Promise<number> {
  const read = readArguments(args);
  if (read.help || read.command === undefined) {
    terminal.out.write(helpOf(read.command));
    return exitCodes.done;
  }
  const { pipelines, dataDir } = read;
  await using places = world.find({ pipelines, dataDir });
  return await run(read.command, places, read, terminal, world);
}

function run(
  command: NonNullable<DlqArguments["command"]>,
  places: Places,
  args: DlqArguments,
  terminal: Terminal,
  world: DlqWorld,
): Promise<number> {
  switch (command) {
    case "ls":
      return list(places, args, terminal);
    case "show":
      return show(places, args, terminal);
    case "edit":
      return edit(places, args, terminal, world);
    case "redrive":
      return deal(places, args, terminal, redriving(args.newId));
    case "drop":
      return deal(places, args, terminal, dropping);
  }
}
