import { describe, expect, test } from "bun:test";
import type { KeyQuery } from "../pipeline/key-query.ts";
import type { KeyImage, StoreBeside } from "./beside.ts";
import { emptyLedger } from "./ledger.ts";
import type { FoldEvent, Store } from "./store.ts";
import { eventOf, laneBatch, rangeBatch, ticks } from "./testing/fold-events.ts";

/** A live store of one test alone, and fresh ones beside it. */
export interface BesideUnderTest extends AsyncDisposable {
  /** A consumer's handle on the live store. */
  readonly live: Store;
  open(): Promise<StoreBeside>;
}

const everyKind: readonly FoldEvent[] = [
  eventOf([
    { op: "count", key: "total" },
    { op: "sum", key: "sums", field: "ñ", value: 7 },
    { op: "append", key: "stream", fields: { a: 1, b: "two" }, maxLength: 10 },
    { op: "push", key: "list", value: 5, maxLength: 10, ttlMs: 3_600_000 },
    { op: "setValue", key: "value", value: "x" },
    { op: "setHash", key: "record", fields: { name: "n" }, ttlMs: 3_600_000 },
  ]),
];
const total: readonly KeyQuery[] = [{ key: "total", kind: "value" }];

async function imagesOf(stores: StoreBeside, of: "live" | "fresh"): Promise<readonly KeyImage[]> {
  const images: KeyImage[] = [];
  for await (const image of stores.keys(of)) images.push(image);
  return images.sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** What every driver keeps of the promise of `StoreBeside`. */
export function besideSuite(name: string, make: () => Promise<BesideUnderTest>): void {
  describe(name, () => {
    test("keys() shows the same of the same content, whatever the order in which it came", async () => {
      await using under = await make();
      await using stores = await under.open();
      const more = [3, 1].map((value) =>
        eventOf([{ op: "append", key: "stream", fields: { value }, maxLength: 10 }]),
      );
      await under.live.apply(rangeBatch(0, [...everyKind, ...more]));
      await stores.fresh.apply(rangeBatch(0, [...more.toReversed(), ...everyKind]));
      const live = await imagesOf(stores, "live");
      expect(live.map(({ key, kind, length }) => [key, kind, length])).toEqual([
        ["list", "list", 1],
        ["record", "hash", 1],
        ["stream", "stream", 3],
        ["sums", "hash", 1],
        ["total", "string", 1],
        ["value", "string", 1],
      ]);
      expect(await imagesOf(stores, "fresh")).toEqual(live);
      await stores.fresh.apply(
        rangeBatch(
          3,
          everyKind.map((each) => ({ ...each, id: ticks(1)[0]?.id ?? each.id })),
        ),
      );
      expect((await imagesOf(stores, "fresh")).map(({ digest }) => digest)).not.toEqual(
        live.map(({ digest }) => digest),
      );
    });

    test("swap() moves content, cursors and ids together, and other lanes' deliveries become duplicates", async () => {
      await using under = await make();
      const [first, second, third] = [ticks(2), ticks(3), ticks(4)];
      await under.live.apply(rangeBatch(0, first));
      await under.live.apply(laneBatch("rabbit", [...first, ...second]));
      {
        await using stores = await under.open();
        await stores.fresh.apply(rangeBatch(0, first));
        await stores.fresh.apply(rangeBatch(2, second));
        // A consumer goes on meanwhile.
        await under.live.apply(rangeBatch(2, [...second, ...third]));
        const { lanes } = await stores.live.read({});
        const others = { rabbit: lanes.rabbit ?? emptyLedger(), other: emptyLedger() };
        expect(await stores.swap({ others, keep: false })).toMatchObject({ status: "swapped" });
      }
      const ids = [...first, ...second, ...third].map(({ id }) => id);
      const view = await under.live.read({ keys: total, ids });
      expect(view.keys).toEqual(["5"]);
      expect(view.ids).toEqual(ids.map((_, i) => i < 5));
      expect([...view.cursors]).toEqual([["topic/0", 5]]);
      expect(view.lanes).toMatchObject({
        kafka: { applied: 5, duplicate: 0 },
        rabbit: { applied: 0, duplicate: 5 },
      });
      // What the consumer brings next lies ahead, so that it goes back.
      expect(await under.live.apply(rangeBatch(9, ticks(1)))).toEqual({
        status: "ahead",
        cursor: 5,
      });
      expect(await under.live.apply(rangeBatch(5, third))).toMatchObject({ status: "applied" });
      expect((await under.live.read({ keys: total })).keys).toEqual(["9"]);
    });

    test("swap() does nothing where another lane has brought something meanwhile", async () => {
      await using under = await make();
      await using stores = await under.open();
      await under.live.apply(laneBatch("rabbit", ticks(1)));
      const others = { rabbit: emptyLedger() };
      expect(await stores.swap({ others, keep: false })).toEqual({ status: "moved" });
      expect((await under.live.read({ keys: total })).keys).toEqual(["1"]);
    });

    test("disposing leaves the live store alone, and the next one begins empty", async () => {
      await using under = await make();
      await under.live.apply(rangeBatch(0, ticks(2)));
      {
        await using stores = await under.open();
        await stores.fresh.apply(rangeBatch(0, ticks(1)));
      }
      await using stores = await under.open();
      expect(await imagesOf(stores, "fresh")).toEqual([]);
      expect((await under.live.read({ keys: total })).keys).toEqual(["2"]);
    });
  });
}
