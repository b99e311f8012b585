import { municipalities, randomTweet, weathers } from "../tweets.ts";
import type { Mix } from "./mix.ts";

const chinautla = 4;
const place = municipalities[chinautla - 1];

/** Weather tweets from Chinautla, every fourth one with numbers in the place of names. */
export const proyecto3: Mix = {
  pipeline: "proyecto3",
  // Where proyecto3 has a host of its own, as in a cluster, `/tweet` is the same door.
  routes: { tweet: "/proyecto3/tweet" },
  requests: 10_000,
  compared: [
    "total",
    "reports:municipality",
    "reports:weather",
    ...municipalities.map((name) => `municipality:${name}`),
    ...weathers.map((name) => `weather:${name}`),
  ],
  event: (index) => {
    const { tweet, sky } = randomTweet(index, {
      places: [chinautla, chinautla],
      temperatures: [10, 35],
      humidities: [30, 95],
      numbersEvery: 4,
    });
    const weather = weathers[sky - 1];
    return {
      body: tweet,
      effects: [
        "total",
        `reports:municipality ${place}`,
        `reports:weather ${weather}`,
        `municipality:${place}`,
        `weather:${weather}`,
      ],
    };
  },
};
