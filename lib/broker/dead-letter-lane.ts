const suffix = ".dlq";

/** The name of the topic, queue or lane that keeps the dead letters of `name`. */
export function deadLettersOf(name: string): string {
  return `${name}${suffix}`;
}

/** Whether a name is that of a lane of dead letters. */
export function keepsDeadLetters(name: string): boolean {
  return name.endsWith(suffix);
}

/** What a lane of dead letters holds; the oldest go first, dealt with or not, when there are more or they are older. */
export const deadLetterBounds = { bytesMax: 67_108_864, ageMaxMs: 2_592_000_000 } as const;
