import { municipalityNames, randomTweet, weatherNames } from "../tweets.ts";
import type { Mix } from "./mix.ts";

/** Weather tweets from anywhere, every second one with numbers in the place of names. */
export const climaApp: Mix = {
  pipeline: "clima-app",
  routes: { clima: "/clima" },
  requests: 10_000,
  compared: ["total", "reports:municipality", "reports:weather"],
  event: (index) => {
    const { tweet, place, sky } = randomTweet(index);
    return {
      body: tweet,
      effects: [
        "total",
        `reports:municipality ${municipalityNames[place - 1]}`,
        `reports:weather ${weatherNames[sky - 1]}`,
      ],
    };
  },
};
