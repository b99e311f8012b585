import type { Browser } from "playwright-core";
import { findMix } from "../../mixes/find-mix.ts";
import { laptop } from "../../testing/laptop.ts";
import { type OpenLoopFigures, openLoop } from "../open-loop.ts";
import { type PageBench, type ViewName, views } from "./options.ts";
import { type PageFigures, watchedPage } from "./watched-page.ts";

/** One view under load. */
export interface ViewFigures {
  readonly view: ViewName;
  readonly load: OpenLoopFigures;
  readonly page: PageFigures;
}

/** The load begins before the page is opened, and ends after it was closed. */
const aheadSeconds = 1;
const behindSeconds = 4;

/** Measures views one after the other: the page is opened while events come in already, and looked at for a while. */
export async function measureViews(
  browser: Browser,
  { rate, seconds, views: wanted }: PageBench,
  say: (line: string) => void,
): Promise<readonly ViewFigures[]> {
  await using server = await laptop();
  const request = requestsTo(server.url);
  const all: ViewFigures[] = [];
  for (const view of wanted) {
    say(`${view}: ${rate} events/s for ${seconds} s`);
    const seen = new AbortController();
    const load = openLoop({
      perSecond: rate,
      seconds: aheadSeconds + seconds + behindSeconds,
      request,
      signal: seen.signal,
    });
    await Bun.sleep(aheadSeconds * 1_000);
    const page = await watchedPage(browser, `${server.url}/${views[view]}`, seconds).finally(() =>
      seen.abort(),
    );
    all.push({ view, page, load: await load });
  }
  return all;
}

/** Votes and tweets by turns, votes by both of their routes. */
function requestsTo(base: string) {
  const targets = ["clima-app", "votaciones"].map((pipeline) => {
    const { event, routes } = findMix(pipeline);
    return { event, urls: Object.values(routes).map((path) => new URL(path, base)) };
  });
  return (index: number) => {
    const target = targets[index % targets.length];
    const turn = Math.floor(index / targets.length);
    const url = target?.urls[turn % target.urls.length];
    if (target === undefined || url === undefined) throw new Error("Cannot send: no route is left");
    return { url, body: JSON.stringify(target.event(turn).body) };
  };
}
