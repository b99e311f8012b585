import { Packr } from "msgpackr";
import { type FieldChange, type FoldPlan, flatText, type Newest } from "../fold-plan.ts";
import { isSound } from "../refusal.ts";

// Records and bundled strings are msgpackr's own extensions, which the script's decoder does not know.
const packr = new Packr({ useRecords: false, bundleStrings: false });

const kinds = { add: "+", min: "<", max: ">" } as const;

/**
 * A plan as the script reads it: msgpack of [sound, counters, hashes, streams, lists, values, records], each section
 * one flat array with a fixed number of items per key. Times to live are 0 where there is none.
 */
export function planBytes(plan: FoldPlan): Buffer {
  return packr.pack([
    isSound(plan),
    [...plan.counters].flat(),
    hashItems(plan),
    [...plan.streams].flatMap(([key, { maxLength, items }]) => [
      key,
      maxLength,
      items.slice(-maxLength).flatMap(({ timeMs, fields }) => [timeMs, flatText(fields)]),
    ]),
    [...plan.lists].flatMap(([key, { maxLength, expiresMs, items }]) => [
      key,
      maxLength,
      expiresMs ?? 0,
      items.slice(-maxLength),
    ]),
    [...plan.values].flatMap(([key, value]) => newestItems(key, value, value.content)),
    [...plan.records].flatMap(([key, records]) =>
      records.flatMap((record) => newestItems(key, record, flatText(record.content))),
    ),
  ]);
}

function hashItems({ hashes }: FoldPlan): unknown[] {
  return [...hashes].flatMap(([key, changes]) => {
    const all: FieldChange[] = [...changes.values()];
    return [
      key,
      all.map(({ kind }) => kinds[kind]).join(""),
      [...changes.keys()],
      all.map(({ value }) => value),
    ];
  });
}

function newestItems(key: string, newest: Newest<unknown>, content: unknown): unknown[] {
  return [key, newest.event, newest.expiresMs ?? 0, content];
}
