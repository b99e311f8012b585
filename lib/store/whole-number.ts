const canonical = /^(0|-?[1-9]\d*)$/;

/** The whole number within ±2^53 that a text spells in the one form that Valkey counts on from; else undefined. */
export function wholeNumber(text: string): number | undefined {
  if (!canonical.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
