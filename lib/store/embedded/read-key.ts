import type { KeyQuery } from "../../pipeline/key-query.ts";
import { fromFlat } from "../fold-plan.ts";
import { entriesDefault } from "../query-limits.ts";
import type { KeyValue } from "../store.ts";
import type { Data } from "./data.ts";

const typeOf = { value: "string", hash: "hash", stream: "stream", list: "list" } as const;

/** What stands at a key, if it is of the kind that was asked for. */
export function readKey(
  data: Data,
  { key, kind, limit = entriesDefault }: KeyQuery,
  nowMs: number,
): KeyValue {
  const row = data.get(key, nowMs);
  if (row?.type !== typeOf[kind]) return undefined;
  switch (kind) {
    case "value":
      return row.value;
    case "hash":
      return Object.fromEntries(data.fields(key));
    case "stream":
      return data.newest(key, limit).map((body) => fromFlat(JSON.parse(body)));
    case "list":
      return data.newest(key, limit);
  }
}
