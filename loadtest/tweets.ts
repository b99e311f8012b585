/** A weather tweet as clients of `clima-app` send it. */
export interface Tweet {
  readonly municipality: number | string;
  readonly temperature: number;
  readonly humidity: number;
  readonly weather: number | string;
}

const municipalities = ["mixco", "guatemala", "amatitlan", "chinautla"];
const weathers = ["sunny", "cloudy", "rainy", "foggy"];

/** What the store calls the municipalities, in the order of their numbers. */
export const municipalityNames = ["Mixco", "Guatemala", "Amatitlán", "Chinautla"] as const;

/** A tweet of the contract's mix, with the number (from 1) of its municipality; every second one uses names. */
export function randomTweet(index: number): { readonly tweet: Tweet; readonly place: number } {
  const place = between(1, 4);
  const weather = between(1, 4);
  const named = index % 2 === 1;
  return {
    place,
    tweet: {
      municipality: named ? (municipalities[place - 1] ?? place) : place,
      temperature: between(18, 28),
      humidity: between(40, 80),
      weather: named ? (weathers[weather - 1] ?? weather) : weather,
    },
  };
}

function between(min: number, max: number): number {
  return min + Math.floor(Math.random() * (max - min + 1));
}
