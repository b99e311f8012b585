import type { OpenLane } from "../../lib/rebuild/open-lane.ts";
import type { Rebuilt } from "../../lib/rebuild/rebuild.ts";
import { coloured, type Output, plainText } from "../terminal.ts";

/** What the command has found and done, as far as it came. */
export interface Report {
  readonly pipeline: string;
  readonly where: string;
  readonly messages: number;
  readonly partitions: number;
  readonly obstacles: readonly string[];
  readonly rebuilt?: Rebuilt;
  /** `moving`: consumers went on, so that there was no moment at which both stores could be compared. */
  readonly outcome:
    | "moving"
    | "refused"
    | "planned"
    | "same"
    | "different"
    | "declined"
    | "swapped"
    | "stopped";
  /** Where the old store is kept. */
  readonly kept?: string | undefined;
}

/** What is to be read. */
export function planOf(lanes: readonly OpenLane[], cursors: ReadonlyMap<string, number>) {
  const partitions = lanes.flatMap(({ ranges }) => [...ranges.keys()]);
  const messages = partitions.reduce((sum, each) => sum + (cursors.get(each) ?? 0), 0);
  return { messages, partitions: partitions.length };
}

/** The report as one JSON object. */
export function jsonOf({ rebuilt, ...rest }: Report): string {
  return JSON.stringify({ ...rest, ...rebuilt, obstacles: rest.obstacles });
}

const differencesShown = 20;

/** What was folded and compared, for people. */
export function foldedLines({ events, tookMs, stored, comparison }: Rebuilt): readonly string[] {
  const seconds = tookMs / 1_000;
  const perSecond = seconds > 0 ? Math.round(events / seconds) : events;
  const folded = `${events} messages folded in ${seconds.toFixed(1)} s (${perSecond}/s): ${stored} events`;
  if (comparison === "moving") {
    return [folded, "not compared: consumers brought more meanwhile; at rest they can be"];
  }
  const { keys, live, fresh, differences, differing, byLength, leftOut } = comparison;
  return [
    folded,
    `checksum of ${keys} keys: ${fresh} by the log`,
    `${" ".repeat(`checksum of ${keys} keys: `.length)}${live} in the live store`,
    ...(byLength.length > 0
      ? [`compared by length alone, since they are full: ${shown(byLength)}`]
      : []),
    ...(leftOut.length > 0
      ? [`left out, since values have outlived their time: ${shown(leftOut)}`]
      : []),
    ...differences.slice(0, differencesShown).map(({ key, why }) => `! ${plainText(key)}: ${why}`),
    ...(differing > differencesShown ? [`! and ${differing - differencesShown} keys more`] : []),
  ];
}

/** How it ended, for people. */
export function outcomeLines(
  { outcome, pipeline, obstacles, kept, messages, partitions, where }: Report,
  output: Output,
): readonly string[] {
  const name = coloured(output, "bold", pipeline);
  switch (outcome) {
    case "refused":
      return [
        `${name} ${coloured(output, "red", "cannot be rebuilt")} from ${where}:`,
        ...obstacles.map((each) => `! ${each}`),
      ];
    case "planned":
      return [`Would fold ${messages} messages of ${partitions} partitions of ${where} anew.`];
    case "same":
      return [`${name} ${coloured(output, "green", "is what its log says")}.`];
    case "different":
      return [`${name} ${coloured(output, "red", "is not what its log says")}.`];
    case "moving":
      return [`${name} ${coloured(output, "yellow", "was not compared")}: it does not rest.`];
    case "declined":
      return [`${name} was left as it was.`];
    case "stopped":
      return [`Stopped: ${name} is as it was.`];
    case "swapped":
      return [
        `${name} ${coloured(output, "green", "is rebuilt")}.${kept === undefined ? "" : ` The old store is kept: ${kept}.`}`,
      ];
  }
}

function shown(keys: readonly string[]): string {
  const some = keys.slice(0, 5).map(plainText).join(", ");
  return keys.length > 5 ? `${some} and ${keys.length - 5} more` : some;
}
