import { type ShallowRef, shallowRef } from "vue";
import type { Panel } from "../../../../../lib/pipeline/view.ts";
import type { Letter } from "../../../letter.ts";
import { openStream, readLetters, readLogs, readSnapshot } from "../api/board.ts";
import type { BoardPipeline, Snapshot } from "../api/shapes.ts";
import { type AverageRow, averagesOf, withRow } from "./averages.ts";
import { type Connection, unheard } from "./connection.ts";
import { startFeed } from "./feed.ts";
import { latestPerFrame } from "./latest-per-frame.ts";
import { develop, type Picture } from "./picture.ts";
import { spaced } from "./spaced.ts";
import { whileSeen } from "./while-seen.ts";

/** How often the dead letters are read at most. */
const lettersGapMs = 2_000;

/** A pipeline as the page knows it, changed at most once for each frame. */
export interface Live {
  /** Undefined before the first snapshot. */
  readonly picture: Readonly<ShallowRef<Picture | undefined>>;
  readonly connection: Readonly<ShallowRef<Connection>>;
  /** What became of the averages while the page looked on, by panel. */
  readonly averages: Readonly<ShallowRef<ReadonlyMap<Panel, readonly AverageRow[]>>>;
  /** Undefined before they were read, null where they cannot be. */
  readonly letters: Readonly<ShallowRef<readonly Letter[] | null | undefined>>;
  /** Keeps it current until the function that is returned is called. */
  follow(): () => void;
}

/** A pipeline that is followed on demand; what was seen stays. */
export function createLive({ name, panels, log }: BoardPipeline): Live {
  const picture = shallowRef<Picture>();
  const connection = shallowRef<Connection>(unheard);
  const averages = shallowRef<ReadonlyMap<Panel, readonly AverageRow[]>>(new Map());
  const letters = shallowRef<readonly Letter[] | null>();
  const frame = (run: () => void) => requestAnimationFrame(run);

  const draw = latestPerFrame<Seen>(frame, (seen) => {
    picture.value = seen.picture;
    averages.value = seen.averages;
  });
  const refreshLetters = spaced(
    async () => {
      letters.value = await readLetters(name).catch(() => null);
    },
    lettersGapMs,
    (run, ms) => setTimeout(run, ms),
  );

  /** What was heard last; it may not be drawn yet. */
  let seen: Seen | undefined;
  const take = (snapshot: Snapshot) => {
    if (lettersOf(snapshot) !== lettersOf(seen?.picture) || letters.value === null)
      refreshLetters();
    seen = {
      picture: develop(seen?.picture, snapshot),
      averages: withAverages(seen?.averages ?? new Map(), panels, snapshot),
    };
    draw(seen);
  };

  return {
    picture,
    connection,
    averages,
    letters,
    follow: () =>
      whileSeen({ ...page, later }, () =>
        startFeed(
          {
            open: (on) => openStream(name, on),
            ask: () => ask(name, log !== null),
            later,
            random: Math.random,
            nowMs: Date.now,
          },
          {
            snapshot: take,
            connection: (next) => {
              connection.value = next;
            },
          },
          { ...unheard, freshAtMs: connection.value.freshAtMs },
        ),
      ),
  };
}

/** Whether people have the page before them. */
const page = {
  seen: () => document.visibilityState === "visible",
  onChange: (changed: () => void) => {
    document.addEventListener("visibilitychange", changed);
    return () => document.removeEventListener("visibilitychange", changed);
  },
};

function later(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

interface Seen {
  readonly picture: Picture;
  readonly averages: ReadonlyMap<Panel, readonly AverageRow[]>;
}

/** A snapshot, with the log where there is one, as the stream has it. */
async function ask(name: string, hasLog: boolean): Promise<Snapshot> {
  const logs = hasLog ? readLogs(name).catch(() => null) : undefined;
  const snapshot = await readSnapshot(name);
  return logs === undefined ? snapshot : { ...snapshot, logs: await logs };
}

/** Tells snapshots with other dead letters apart. */
function lettersOf(snapshot: Snapshot | undefined): string | undefined {
  return JSON.stringify(snapshot?.deadLetters);
}

function withAverages(
  before: ReadonlyMap<Panel, readonly AverageRow[]>,
  panels: readonly Panel[],
  { at, state }: Snapshot,
): ReadonlyMap<Panel, readonly AverageRow[]> {
  if (state === null) return before;
  const after = new Map(before);
  for (const panel of panels) {
    if (panel.kind !== "averages") continue;
    const row = { atMs: at, values: averagesOf(panel, state) };
    after.set(panel, withRow(after.get(panel) ?? [], row));
  }
  return after;
}
