import {
  anyOf,
  count,
  flag,
  listOf,
  mapOf,
  object,
  oneOf,
  orNull,
  text,
  time,
  told,
} from "./json-schema.ts";

const words = object({ en: text, es: text });
const column = object(
  { field: text, title: words, as: oneOf("text", "number", "time"), unit: text },
  ["as", "unit"],
);

const pipeline = object({
  name: text,
  title: words,
  panels: told(
    "What a page draws, in order, from the state: `kind` says how.",
    listOf({
      ...object({
        kind: oneOf("count", "figures", "counts", "averages", "series", "latest"),
        title: words,
      }),
      additionalProperties: true,
    }),
  ),
  log: told(
    "Null where the pipeline has no log.",
    orNull(object({ title: words, columns: listOf(column) })),
  ),
  lanes: listOf(text),
});

const state = told(
  "What the store holds, by key: a value, a hash, the newest entries of a stream or a list. Keys that are not there are left out.",
  mapOf(anyOf(text, mapOf(text), listOf(mapOf(text)), listOf(text))),
);

const laneReport = object(
  {
    published: count,
    applied: count,
    duplicates: count,
    deadLettered: count,
    aside: object(
      {
        ...{ undecodable: count, refused: count, late: count, conflict: count },
        undelivered: told("What the broker set aside by itself.", count),
      },
      ["undelivered"],
    ),
    inFlight: count,
    repeated: count,
    proven: told("Whether `published` was counted apart from what was consumed.", flag),
    closes: flag,
    difference: told(
      "What the store counted more (or less) often than it passed in the lane; 0 where the sum holds.",
      { type: "integer" },
    ),
    fault: told("Why the broker's side is not known, where that is so.", text),
  },
  ["fault", "difference"],
);

const ledger = told(
  "In deliveries: published = applied + duplicates + deadLettered + inFlight; `stored` counts events, each once.",
  object({
    accepted: count,
    stored: count,
    duplicates: count,
    deadLettered: count,
    inFlight: count,
    closes: told("Whether every lane's sum holds.", flag),
    lanes: mapOf(laneReport),
  }),
);

const lag = told(
  "How far the store is behind, by lane and partition or queue; null where the broker is away.",
  mapOf(orNull(listOf(object({ partition: text, end: count, cursor: count, lag: count })))),
);

const logRows = listOf({
  ...object({ _id: told("The event's id.", text), date: time }),
  additionalProperties: { type: ["string", "number"] },
});

const letter = object({
  lane: text,
  id: told("The event's id; one that has none is named by its position.", text),
  reason: told(
    "`undecodable`, `refused`, `late`, `conflict`; `undelivered` where the broker gave up, `unknown` where it is no letter of ours.",
    text,
  ),
  error: text,
  attempts: told("0 where it is not known.", count),
  firstAt: told("When its effect was tried first; empty where that is not known.", text),
  at: told("When it was set aside; empty where that is not known.", text),
  body: told("The original body as text, its first 2,000 characters.", text),
});

const snapshot = told(
  "Parts that are null do not answer at the moment.",
  object(
    {
      at: told("The board's time, in milliseconds since 1970.", count),
      state: orNull(state),
      ledger: orNull(ledger),
      lag: orNull(lag),
      deadLetters: told(
        "How many dead letters wait, by lane.",
        mapOf(orNull(object({ waiting: count }))),
      ),
      logs: told("The newest 20 records, where the pipeline has a log.", orNull(logRows)),
    },
    ["logs"],
  ),
);

/** A UUIDv7 (RFC 9562, section 5.7). */
const id = {
  type: "string",
  pattern: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$",
};
const ids = { type: "array", items: id, maxItems: 1_000 };

/** What the API takes and answers, by the names that its description uses. */
export const schemas = {
  Pipelines: object({ pipelines: listOf(pipeline) }),
  State: state,
  Ledger: ledger,
  Snapshot: snapshot,
  LogRows: logRows,
  DeadLetters: object({
    letters: listOf(letter),
    away: told("Lanes whose broker does not answer: their letters are missing.", listOf(text)),
  }),
  Ids: object({ ids: { ...ids, minItems: 1 } }),
  Missing: object({ missing: ids }),
  Problem: told(
    "RFC 9457.",
    object(
      {
        ...{ type: text, title: text, status: { type: "integer" }, detail: text },
        errors: told(
          "What is wrong with each field; the field is empty where it is the whole body.",
          listOf(object({ field: text, message: text })),
        ),
        lanes: told("How each lane answered, where several were asked.", mapOf(text)),
      },
      ["errors", "lanes"],
    ),
  ),
} as const;
