import { randomTweet } from "../../tweets.ts";
import { type OpenLoopFigures, openLoop } from "../open-loop.ts";
import type { Row } from "../table.ts";
import { type Kind, kinds, openConnections } from "./connections.ts";
import { rssMb } from "./rss.ts";
import type { Target } from "./target.ts";

/** What one kind of connections did to a target. */
export interface ConnectionFigures {
  readonly kind: Kind["name"] | "none";
  readonly count: number;
  /** Connections that the server ended, each of which was opened anew. */
  readonly cutOff: number;
  /** A normal client meanwhile. */
  readonly load: OpenLoopFigures;
  readonly rssBeforeMb: Readonly<Record<string, number>>;
  readonly rssDuringMb: Readonly<Record<string, number>>;
  readonly rssAfterMb: Readonly<Record<string, number>>;
}

const warmUp = { perSecond: 400, seconds: 5 };
const perSecond = 200;

/** How long after the last connection has ended memory is looked at, in milliseconds. */
const settleMs = 5_000;

/** Holds connections of each kind open while a normal client sends events. */
export async function measureConnections(
  target: Target,
  seconds: number,
  say: (line: string) => void,
): Promise<readonly ConnectionFigures[]> {
  const request = (index: number) => ({
    url: target.door,
    body: JSON.stringify(randomTweet(index).tweet),
  });
  await openLoop({ ...warmUp, request });
  const before = rssMb(target.pids());
  const alone = await openLoop({ perSecond, seconds, request });
  const after = rssMb(target.pids());
  const rss = { rssBeforeMb: before, rssDuringMb: after, rssAfterMb: after };
  const figures: ConnectionFigures[] = [{ kind: "none", count: 0, cutOff: 0, load: alone, ...rss }];
  for (const kind of kinds) {
    say(`${kind.count} ${kind.name} for ${seconds} s`);
    const rssBeforeMb = rssMb(target.pids());
    const connections = await openConnections(kind, target);
    const load = await openLoop({ perSecond, seconds, request });
    const rssDuringMb = rssMb(target.pids());
    const cutOff = connections.end();
    await Bun.sleep(settleMs);
    const rssAfterMb = rssMb(target.pids());
    const { name, count } = kind;
    figures.push({ kind: name, count, cutOff, load, rssBeforeMb, rssDuringMb, rssAfterMb });
  }
  return figures;
}

/** Figures as a row; memory is that of the process with the door. */
export function connectionRow({ kind, count, cutOff, load, ...rss }: ConnectionFigures): Row {
  const tenths = (value: number) => Math.round(value * 10) / 10;
  const sum = (all: Readonly<Record<string, number>>) =>
    Object.values(all).reduce((a, b) => a + b, 0);
  return {
    connections: count === 0 ? "none" : `${count} ${kind}`,
    "cut off": cutOff,
    "MB before": sum(rss.rssBeforeMb),
    during: sum(rss.rssDuringMb),
    after: sum(rss.rssAfterMb),
    "acknowledged/s": Math.round(load.perSecond),
    "others or held": load.refused + load.failed + load.held,
    "p50 ms": tenths(load.p50Ms),
    "p99 ms": tenths(load.p99Ms),
  };
}
