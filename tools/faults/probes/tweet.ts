import { create, toBinary } from "@bufbuild/protobuf";
import {
  type WeatherTweetRequest,
  WeatherTweetRequestSchema,
} from "../../../gen/weathertweet/weathertweet_pb.ts";
import { slug } from "../../../lib/pipeline/slug.ts";
import { municipalityNames, weatherNames } from "../../../loadtest/tweets.ts";
import type { Effect } from "../instrument/client-ledger.ts";

/** The path of the RPC that takes a tweet of `clima-app`. */
export const sendTweetPath = "/weathertweet.WeatherTweetService/SendTweet";

/** A tweet by numbers, as a probe sends it. */
export interface ProbeTweet {
  readonly municipality: number;
  readonly temperature: number;
  readonly humidity: number;
  readonly weather: number;
}

/** A tweet that every door takes. */
export const goodTweet: ProbeTweet = { municipality: 3, temperature: 21, humidity: 55, weather: 2 };

/** The same as the pipeline's message. */
export function tweetMessage(tweet: ProbeTweet): WeatherTweetRequest {
  return create(WeatherTweetRequestSchema, tweet);
}

/** The same as gRPC sends it. */
export function tweetBytes(tweet: ProbeTweet): Uint8Array {
  return toBinary(WeatherTweetRequestSchema, tweetMessage(tweet));
}

/** What the tweet adds to the counts of the store. */
export function tweetEffects(tweet: ProbeTweet): readonly Effect[] {
  const { municipality, temperature, humidity, weather } = tweet;
  const place = municipalityNames[municipality - 1] ?? "";
  const sky = weatherNames[weather - 1] ?? "";
  const stats = `stats:${slug(place)}`;
  return [
    ["total", 1],
    [`reports:municipality ${place}`, 1],
    [`reports:weather ${sky}`, 1],
    [`${stats} count`, 1],
    [`${stats} weather:${sky}`, 1],
    [`${stats} temperature_sum`, temperature],
    [`${stats} humidity_sum`, humidity],
  ];
}
