/**
 * How fast consumers and doors scale, whoever scales them: up at once, by two pods in 15 s, and down one pod a minute, after two
 * minutes in which fewer would have done.
 */
export const scalingPace = {
  up: { waitS: 0, pods: 2, everyS: 15 },
  down: { waitS: 120, pods: 1, everyS: 60 },
} as const;
