import { openLoop } from "../../loadtest/bench/open-loop.ts";
import { findMix } from "../../loadtest/mixes/find-mix.ts";
import { randomTweet, type TweetRanges } from "../../loadtest/tweets.ts";

const seconds = 12;
const tweetsPerSecond = 300;

type Range = readonly [number, number];

/** What each municipality measures in the morning, by their numbers from 1 on: the first is the coolest. */
const mornings: readonly { readonly temperatures: Range; readonly humidities: Range }[] = [
  { temperatures: [14, 22], humidities: [62, 90] },
  { temperatures: [17, 25], humidities: [50, 78] },
  { temperatures: [22, 31], humidities: [40, 72] },
  { temperatures: [18, 27], humidities: [45, 70] },
];

/** How much warmer it gets until noon. */
const noonDegrees = 6;

/** Sends every vote of the file and a morning of tweets, in a few seconds, so that charts have something to draw. */
export async function sendDay(base: string): Promise<void> {
  const { event, routes, requests: votes } = findMix("votaciones");
  const routesOfVotes = Object.values(routes);
  const [figures, voted] = await Promise.all([
    openLoop({
      perSecond: tweetsPerSecond,
      seconds,
      request: (index) => ({
        url: new URL("/clima", base),
        body: JSON.stringify(tweetOf(index, index / (tweetsPerSecond * seconds))),
      }),
    }),
    openLoop({
      perSecond: votes / seconds,
      seconds,
      request: (index) => ({
        url: new URL(routesOfVotes[index % routesOfVotes.length] ?? "", base),
        body: JSON.stringify(event(index).body),
      }),
    }),
  ]);
  const failed = figures.failed + figures.held + voted.failed + voted.held;
  if (failed > 0) throw new Error(`Cannot send a day: ${failed} events were not acknowledged`);
}

function tweetOf(index: number, noon: number) {
  // Some places tweet more than others.
  const place = [0, 1, 1, 1, 2, 2, 3, 3, 1, 0][index % 10] ?? 0;
  const morning = mornings[place] ?? mornings[0];
  if (morning === undefined) throw new Error("Cannot tweet: there is no municipality");
  const warmer = Math.round(noon * noonDegrees);
  const shifted = ([least, greatest]: Range, by: number): Range => [least + by, greatest + by];
  const ranges: TweetRanges = {
    places: [place + 1, place + 1],
    temperatures: shifted(morning.temperatures, warmer),
    humidities: shifted(morning.humidities, -2 * warmer),
    numbersEvery: 2,
  };
  return randomTweet(index, ranges).tweet;
}
