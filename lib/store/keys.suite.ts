import { describe, expect, test } from "bun:test";
import { newEventId } from "../event/event-id.ts";
import { until } from "../testing/until.ts";
import type { Keys } from "./keys.ts";

/** Keys' data, made for one test and gone after it; all handles stand on the same. */
export interface KeysUnderTest extends AsyncDisposable {
  connect(): Keys;
}

/** What every keys driver keeps of the promise of `Keys`. */
export function keysSuite(
  name: string,
  fresh: (options?: { readonly windowMs?: number }) => KeysUnderTest,
): void {
  describe(name, () => {
    test("claim() gives a key the id that it came with first", async () => {
      await using data = fresh();
      await using keys = data.connect();
      const id = newEventId();
      expect(await keys.claim("order-1", id, 7)).toEqual({ claimed: true, id });
      expect(await keys.claim("order-1", newEventId(), 7)).toEqual({ claimed: true, id });
      const other = newEventId();
      expect(await keys.claim("order-2", other, 7)).toEqual({ claimed: true, id: other });
    });

    test("claim() tells another body", async () => {
      await using data = fresh();
      await using keys = data.connect();
      const id = newEventId();
      await keys.claim("order-1", id, 0xffff_ffff);
      expect(await keys.claim("order-1", newEventId(), 7)).toEqual({
        claimed: false,
        reason: "other-body",
      });
      expect(await keys.claim("order-1", newEventId(), 0xffff_ffff)).toEqual({ claimed: true, id });
    });

    test("claim() gives one id to fifty at once", async () => {
      await using data = fresh();
      await using one = data.connect();
      await using other = data.connect();
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          (i % 2 ? one : other).claim("~the key!", newEventId(), 7),
        ),
      );
      expect(new Set(results.map((result) => result.claimed && result.id)).size).toBe(1);
      expect(results.every(({ claimed }) => claimed)).toBe(true);
    });

    test("claim() remembers for the next handle on the data", async () => {
      await using data = fresh();
      const first = data.connect();
      const id = newEventId();
      await first.claim("order-1", id, 7);
      await first[Symbol.asyncDispose]();
      await using second = data.connect();
      expect(await second.claim("order-1", newEventId(), 7)).toEqual({ claimed: true, id });
    });

    test("claim() forgets a key after the window, not later for being asked again", async () => {
      await using data = fresh({ windowMs: 600 });
      await using keys = data.connect();
      const id = newEventId();
      await keys.claim("order-1", id, 7);
      expect(await keys.claim("order-1", newEventId(), 7)).toEqual({ claimed: true, id });
      const next = await until("another id", async () => {
        const result = await keys.claim("order-1", newEventId(), 7);
        return result.claimed && result.id !== id ? result.id : undefined;
      });
      expect(await keys.claim("order-1", newEventId(), 7)).toEqual({ claimed: true, id: next });
    });
  });
}
