/** What is known of the events of a pipeline, by their ids. */
export interface Book {
  /** Whose reply was a success: each must have its effect, once. */
  readonly taken: Set<string>;
  /** Whose reply was a refusal: none may have an effect, unless it was taken by another request. */
  readonly refused: Set<string>;
  /** Whose reply says that nobody knows. */
  readonly unknown: Set<string>;
}

/** An empty book. */
export function createBook(): Book {
  return { taken: new Set(), refused: new Set(), unknown: new Set() };
}

/** What a request came to. */
export type Fate = "taken" | "refused" | "unknown";

/** Writes a request down: the id in its reply, and its key where that is an id of its own. */
export function note(book: Book, fate: Fate, ids: readonly (string | undefined)[]): void {
  for (const id of ids) if (id !== undefined) book[fate].add(id.toLowerCase());
}
