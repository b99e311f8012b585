import type { Words } from "../../../../../lib/pipeline/view.ts";

/** The languages of the page. */
export const languages = ["es", "en"] as const;

/** One of `languages`. */
export type Language = keyof Words;

/** The language that fits somebody best who prefers these, best first; English where none does. */
export function bestLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const found = languages.find((language) => primary(tag) === language);
    if (found !== undefined) return found;
  }
  return "en";
}

/**
 * The locale whose numbers and dates somebody sees who reads `language`: the country's that their browser names, else
 * Guatemala's for Spanish, where commas part thousands.
 */
export function localeOf(language: Language, preferred: readonly string[]): string {
  const own = preferred.find((tag) => primary(tag) === language && tag.includes("-"));
  return own ?? { es: "es-GT", en: "en" }[language];
}

function primary(tag: string): string | undefined {
  return tag.toLowerCase().split("-")[0];
}
