import { randomTweet } from "../../tweets.ts";
import { type OpenLoopFigures, openLoop } from "../open-loop.ts";
import type { Row } from "../table.ts";
import { keepConnections } from "./kept-connections.ts";
import { rssMb } from "./rss.ts";
import type { Target } from "./target.ts";
import { type AlwaysFigures, watchAlways } from "./watch-always.ts";

/** One step of the curve: so many times the limit. */
export interface RateFigures {
  readonly times: number;
  readonly load: OpenLoopFigures;
  /** What is always answered, by name. */
  readonly always: Readonly<Record<string, AlwaysFigures>>;
  /** How long after the step a second without a refusal began, at nine tenths of the limit, in milliseconds. */
  readonly recoveryMs: number;
  readonly rssBeforeMb: Readonly<Record<string, number>>;
  readonly rssAfterMb: Readonly<Record<string, number>>;
}

/** Events a second of the first step. */
export const perSecond = 500;

/** As many as may wait for replies at a time. */
const connectionsOfLoad = 1_000;

const steps: readonly number[] = [1, 2, 5, 10];
const warmUp = { perSecond: 400, seconds: 5 };
const recovery = { perSecond: perSecond * 0.9, seconds: 6 };

/** Offers multiples of the limit one after the other. */
export async function measureRates(
  target: Target,
  seconds: number,
  say: (line: string) => void,
): Promise<readonly RateFigures[]> {
  const request = (index: number) => ({
    url: target.door,
    body: JSON.stringify(randomTweet(index).tweet),
  });
  using connections = await keepConnections(target.door, connectionsOfLoad);
  const send = connections.post;
  await openLoop({ ...warmUp, request, send });
  const figures: RateFigures[] = [];
  for (const times of steps) {
    say(`${times} × ${perSecond}/s for ${seconds} s`);
    const rssBeforeMb = rssMb(target.pids());
    const over = new AbortController();
    const watching = watchAlways(target, over.signal);
    const load = await openLoop({ perSecond: times * perSecond, seconds, request, send });
    over.abort();
    const always = await watching;
    const refusedAtMs: number[] = [];
    const onRefused = (atMs: number) => refusedAtMs.push(atMs);
    await openLoop({ ...recovery, request, send, onRefused });
    figures.push({
      times,
      load,
      always,
      recoveryMs: recoveredAfter(refusedAtMs),
      rssBeforeMb,
      rssAfterMb: rssMb(target.pids()),
    });
  }
  return figures;
}

/** When the first second without a refusal began. */
function recoveredAfter(refusedAtMs: readonly number[]): number {
  const times = [0, ...refusedAtMs.toSorted((a, b) => a - b)];
  const calm = times.find((time, index) => (times[index + 1] ?? Infinity) - time >= 1_000);
  return calm ?? 0;
}

/** A step's figures as a row. */
export function rateRow({ times, load, always, recoveryMs, ...rss }: RateFigures): Row {
  const seconds = load.acknowledged / load.perSecond;
  const answers = Object.values(always);
  const tenths = (value: number) => Math.round(value * 10) / 10;
  const sum = (all: Readonly<Record<string, number>>) =>
    Object.values(all).reduce((a, b) => a + b, 0);
  return {
    offered: `${times} ×`,
    "acknowledged/s": Math.round(load.perSecond),
    "refused/s": Math.round(load.refused / seconds),
    "failed or held": load.failed + load.held,
    "ack p50 ms": tenths(load.p50Ms),
    "ack p99 ms": tenths(load.p99Ms),
    "refusal p50 ms": tenths(load.refusedP50Ms),
    "refusal p99 ms": tenths(load.refusedP99Ms),
    "health, metrics: slowest p99 ms": tenths(Math.max(...answers.map(({ p99Ms }) => p99Ms))),
    "not answered": answers.reduce((all, { failed }) => all + failed, 0),
    "recovery ms": Math.round(recoveryMs),
    "MB before": sum(rss.rssBeforeMb),
    "MB after": sum(rss.rssAfterMb),
  };
}
