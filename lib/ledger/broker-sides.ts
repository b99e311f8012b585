import type { LetterTally } from "../broker/dead-letters.ts";
import { within } from "../pause.ts";
import { reasonOf } from "../store/reason-of.ts";
import type { LaneProbe, QueuePublished } from "./lane-probe.ts";

/** What a lane's broker said at one moment. */
export type BrokerSide =
  | { readonly kind: "offsets"; readonly ends: ReadonlyMap<string, number> }
  | {
      readonly kind: "queue";
      readonly queue: string;
      readonly depth: number;
      readonly published: QueuePublished | undefined;
      readonly letters: Pick<LetterTally, "moved" | "redriven">;
    }
  | { readonly kind: "silent"; readonly fault: string };

/** The brokers' sides, by lane. */
export type BrokerSides = Readonly<Record<string, BrokerSide>>;

/** How long dead letters may take to be counted: at first all of them are read, and counted from then on. */
const lettersMs = 1_000;
const noLetters = { moved: 0, redriven: 0 };

/** Longer than any driver takes by itself. */
const driversMs = 15_000;

/** Asks the brokers of all lanes at the same time; one that does not answer, or not in time, is `silent`. */
export async function readBrokerSides(
  probes: Readonly<Record<string, LaneProbe>>,
  timeoutMs: number = driversMs,
): Promise<BrokerSides> {
  const sides = Object.entries(probes).map(async ([lane, probe]) => {
    try {
      return [lane, await within("hear a broker", timeoutMs, readSide(lane, probe))] as const;
    } catch (error) {
      return [lane, { kind: "silent", fault: reasonOf(error) }] as const;
    }
  });
  return Object.fromEntries(await Promise.all(sides));
}

async function readSide(lane: string, probe: LaneProbe): Promise<BrokerSide> {
  if (probe.kind === "offsets") return { kind: "offsets", ends: await probe.ends() };
  const [depth, published, letters] = await Promise.all([
    probe.depth(),
    probe.published(),
    probe.letters &&
      within("count dead letters", lettersMs, probe.letters()).catch(() => noLetters),
  ]);
  return {
    kind: "queue",
    queue: probe.queue ?? lane,
    depth,
    published,
    letters: letters ?? noLetters,
  };
}
