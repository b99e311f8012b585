/** A text in the languages that people read the page in. */
export interface Words {
  readonly en: string;
  readonly es: string;
}

/** A column of a table: a field of its records. */
export interface Column {
  readonly field: string;
  readonly title: Words;
  /**
   * How its values are shown; a time is a count of milliseconds since 1970 or ISO 8601.
   * @default "text"
   */
  readonly as?: "text" | "number" | "time";
  /** Stands after a number, such as `°C`. */
  readonly unit?: string;
}

/** A key of the store with the name of what it holds: a proper name, the same in every language. */
export interface Source {
  readonly key: string;
  readonly label: string;
}

/** One number: the `value` at a key. */
export interface CountPanel {
  readonly kind: "count";
  readonly title: Words;
  readonly key: string;
}

/** Several numbers: fields of the hash at a key. */
export interface FiguresPanel {
  readonly kind: "figures";
  readonly title: Words;
  readonly key: string;
  readonly figures: readonly {
    readonly field: string;
    readonly title: Words;
    readonly unit?: string;
  }[];
}

/** How a whole is made up: the hash of counts at a key, whose fields are the labels. */
export interface CountsPanel {
  readonly kind: "counts";
  readonly title: Words;
  readonly key: string;
  readonly as: "bars" | "pie";
  /** What a label names, such as "Band". */
  readonly label: Words;
}

/** Averages over time, a line for each source: at every change, a hash's field `sum` divided by its field `count`. */
export interface AveragesPanel {
  readonly kind: "averages";
  readonly title: Words;
  readonly unit?: string;
  readonly sources: readonly Source[];
  readonly sum: string;
  readonly count: string;
}

/** The entries of streams as lines, one for each source: field `y` over field `x`, which is a time in milliseconds. */
export interface SeriesPanel {
  readonly kind: "series";
  readonly title: Words;
  readonly unit?: string;
  readonly sources: readonly Source[];
  readonly x: string;
  readonly y: string;
}

/** The newest entries of streams together; a hash counts as one entry. */
export interface LatestPanel {
  readonly kind: "latest";
  readonly title: Words;
  readonly sources: readonly Source[];
  /** What the sources' labels name, such as "Municipality". */
  readonly label: Words;
  /** The field that orders them: a time in milliseconds, or a text that sorts as one. */
  readonly newestBy: string;
  readonly columns: readonly Column[];
}

/** A part of a pipeline's page, drawn from what `GET /api/<pipeline>/state` shows. */
export type Panel =
  | CountPanel
  | FiguresPanel
  | CountsPanel
  | AveragesPanel
  | SeriesPanel
  | LatestPanel;

/** How people see a pipeline: data alone, which a page draws without knowing the domain. */
export interface View {
  readonly title: Words;
  readonly panels: readonly Panel[];
  /** The pipeline's log of events, where it has one: its heading and the columns of its records. */
  readonly log?: { readonly title: Words; readonly columns: readonly Column[] };
}
