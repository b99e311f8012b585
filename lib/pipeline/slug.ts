/** The form of a name in keys: trimmed, lower case, blanks to `-`, accents dropped. */
export function slug(name: string): string {
  return plain(name.trim()).replaceAll(" ", "-");
}

/** Lower case without accents (á to a, ñ to n), for comparing what people type. */
export function plain(text: string): string {
  return text.toLowerCase().normalize("NFD").replaceAll(/\p{M}/gu, "");
}
