import { describe, expect, test } from "bun:test";
import { type HopUnderTest, openHop, outcome, within } from "./publisher.suite.ts";

/** What every hop promises of deadlines, whatever it speaks. */
export function deadlineSuite(name: string, underTest: HopUnderTest): void {
  describe(name, () => {
    test("an event that is not confirmed by its deadline fails then", async () => {
      await using at = await openHop(underTest);
      at.next.publisher.behaviour.hold = new Promise(() => {});
      const began = performance.now();
      expect(outcome(await at.publish(within(200)))).toBe("deadline");
      expect(performance.now() - began).toBeWithin(150, 600);
    });

    test("the next station hears how much time is left, and keeps some of it for its answer", async () => {
      await using at = await openHop(underTest, { deadlineMs: 30_000 });
      const { publisher } = at.next;
      const { publish } = publisher;
      const heard: { readonly leftMs: number; readonly mayRepeat: boolean | undefined }[] = [];
      Object.assign(publisher, {
        publish: (...all: Parameters<typeof publish>) => {
          const [, { deadlineAtMs, mayRepeat }] = all;
          heard.push({ leftMs: deadlineAtMs - Date.now(), mayRepeat });
          return publish(...all);
        },
      });
      expect(outcome(await at.publish(within(2_000)))).toBe("stored");
      expect(heard).toEqual([{ leftMs: expect.any(Number), mayRepeat: false }]);
      expect(heard[0]?.leftMs).toBeLessThanOrEqual(1_800);
    });

    test("a deadline that is no whole number of milliseconds is one all the same", async () => {
      await using at = await openHop(underTest);
      expect(outcome(await at.publish({ deadlineAtMs: Date.now() + 2_000.5 }))).toBe("stored");
    });

    test("a deadline that has passed sends nothing", async () => {
      await using at = await openHop(underTest);
      expect(outcome(await at.publish(within(0)))).toBe("deadline");
      expect(outcome(await at.publish(within(-1)))).toBe("deadline");
      expect(at.next.publisher.stored).toEqual([]);
    });
  });
}
