/** A weather tweet as clients send it. */
export interface Tweet {
  readonly municipality: number | string;
  readonly temperature: number;
  readonly humidity: number;
  readonly weather: number | string;
}

/** What random tweets are made of: the least and the greatest of each. */
export interface TweetRanges {
  /** Numbers of municipalities. */
  readonly places: readonly [number, number];
  /** Degrees Celsius. */
  readonly temperatures: readonly [number, number];
  /** Percent. */
  readonly humidities: readonly [number, number];
  /** Every how many tweets one has numbers in the place of names. */
  readonly numbersEvery: number;
}

/** What clients call the municipalities and the weathers, in the order of their numbers, which begin at 1. */
export const municipalities = ["mixco", "guatemala", "amatitlan", "chinautla"] as const;
export const weathers = ["sunny", "cloudy", "rainy", "foggy"] as const;

/** What the store of `clima-app` calls them. */
export const municipalityNames = ["Mixco", "Guatemala", "Amatitlán", "Chinautla"] as const;
export const weatherNames = ["Soleado", "Nublado", "Lluvioso", "Neblinoso"] as const;

const climaRanges: TweetRanges = {
  places: [1, 4],
  temperatures: [18, 28],
  humidities: [40, 80],
  numbersEvery: 2,
};

/** A random tweet with the numbers of its municipality and of its weather. @default ranges those of `clima-app` */
export function randomTweet(
  index: number,
  ranges: TweetRanges = climaRanges,
): { readonly tweet: Tweet; readonly place: number; readonly sky: number } {
  const place = between(ranges.places);
  const sky = between([1, weathers.length]);
  const numbers = index % ranges.numbersEvery === 0;
  return {
    place,
    sky,
    tweet: {
      municipality: numbers ? place : (municipalities[place - 1] ?? place),
      temperature: between(ranges.temperatures),
      humidity: between(ranges.humidities),
      weather: numbers ? sky : (weathers[sky - 1] ?? sky),
    },
  };
}

function between([min, max]: readonly [number, number]): number {
  return min + Math.floor(Math.random() * (max - min + 1));
}
