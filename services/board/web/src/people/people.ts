import {
  type ComputedRef,
  computed,
  type InjectionKey,
  inject,
  type Ref,
  ref,
  watchEffect,
} from "vue";
import type { Words } from "../../../../../lib/pipeline/view.ts";
import { en } from "../i18n/en.ts";
import { es } from "../i18n/es.ts";
import type { Texts } from "../i18n/texts.ts";
import { createFormat, type Format } from "./format.ts";
import { bestLanguage, type Language, languages, localeOf } from "./language.ts";
import { preference } from "./preference.ts";
import { type Theme, themes } from "./theme.ts";

/** What somebody chose of how the page looks and speaks, and what follows from that. */
export interface People {
  readonly language: Ref<Language>;
  readonly theme: Ref<Theme>;
  readonly texts: ComputedRef<Texts>;
  readonly format: ComputedRef<Format>;
  /** A text of a pipeline in the language that was chosen. */
  words(words: Words): string;
}

const texts: Readonly<Record<Language, Texts>> = { en, es };
const peopleKey: InjectionKey<People> = Symbol("people");

/** The choices of this browser's owner, to be provided under `key`; the document follows them. */
export function createPeople(): { readonly key: typeof peopleKey; readonly people: People } {
  const language = kept("language", languages, bestLanguage(navigator.languages));
  const theme = kept("theme", themes, "system");
  const root = document.documentElement;
  watchEffect(() => {
    root.lang = language.value;
    root.dataset.theme = theme.value;
  });
  const people = {
    language,
    theme,
    texts: computed(() => texts[language.value]),
    format: computed(() => createFormat(localeOf(language.value, navigator.languages))),
    words: (words: Words) => words[language.value],
  };
  return { key: peopleKey, people };
}

/** The choices that hold where a component stands. */
export function usePeople(): People {
  const people = inject(peopleKey);
  if (people === undefined) throw new Error("Cannot speak: nobody provided a language");
  return people;
}

/** A reference that starts as it was left and is kept whenever it changes. */
function kept<T extends string>(key: string, values: readonly T[], fallback: T): Ref<T> {
  const choice = preference(() => localStorage, `k8s-usac:${key}`, values);
  const value = ref<T>(choice.read() ?? fallback) as Ref<T>;
  return computed({
    get: () => value.value,
    set: (chosen) => {
      value.value = chosen;
      choice.keep(chosen);
    },
  });
}
